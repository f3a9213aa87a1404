/** Exit codes of the tool, as docs/photosync.md tells them. 0: well. */
export const exitCodes = { notWell: 1, wrongUse: 2, notReached: 3 } as const;

/** What ends a command, as sentences for the admin: what happened, and what to do. */
export class Problem extends Error {
  constructor(
    readonly exitCode: (typeof exitCodes)[keyof typeof exitCodes],
    message: string,
  ) {
    super(message);
    this.name = 'Problem';
  }
}

export const wrongUse = (message: string) => new Problem(exitCodes.wrongUse, message);
export const notReached = (message: string) => new Problem(exitCodes.notReached, message);
