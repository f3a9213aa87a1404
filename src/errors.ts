import { scrub } from './scrub';

/** What failed, in the words an admin knows. `settings` and `rights` are answered by the admin, the others by waiting. */
export type FailingService =
  'Graph' | 'SharePoint' | 'identity' | 'storage' | 'settings' | 'rights' | 'budget';

/**
 * A service could not do its part now: throttled, down, unreachable, or refusing us. The event is put back with a
 * delay and costs none of the queue's tries.
 */
export class ServiceFailure extends Error {
  readonly service: FailingService;
  /** HTTP status; absent where there was no answer. */
  readonly status: number | undefined;
  /** What the service asked for, in seconds; absent where it did not say. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    service: FailingService,
    message: string,
    details: { status?: number | undefined; retryAfterSeconds?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.name = 'ServiceFailure';
    this.service = service;
    this.status = details.status;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** A queue message that no version of this app has written. The queue's tries end it as poison. */
export class InvalidMessage extends Error {
  constructor(problem: string, what: string) {
    super(`The queue message is not ${what} of this version: ${problem}`);
    this.name = 'InvalidMessage';
  }
}

/** A queue message of a later version of this app, which this one can't read: it waits for that version. */
export class LaterMessage extends Error {
  readonly version: number;

  constructor(version: number, what: string) {
    super(
      `A message that should be ${what} is of version ${String(version)}, which a later version of this app writes. It waits in its queue; deploy that version again.`,
    );
    this.name = 'LaterMessage';
    this.version = version;
  }
}

/** Settings that can't be used, all problems at once, each a sentence that names its setting. */
export class InvalidSettings extends ServiceFailure {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super('settings', `The app's settings need attention: ${problems.join(' ')}`);
    this.name = 'InvalidSettings';
    this.problems = problems;
  }
}

/** The message of anything thrown, scrubbed, without a stack, on one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return scrub(text).replace(/\s+/g, ' ').slice(0, 500);
}
