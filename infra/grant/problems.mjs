/** The command can't be understood. */
export class WrongUse extends Error {
  exitCode = 2;
}

/** Azure CLI or Graph can't be reached, or nobody is signed in. */
export class OutOfReach extends Error {
  exitCode = 3;
}

/** Graph refused. `status` is HTTP's, `message` Graph's own. */
export class Refused extends Error {
  exitCode = 1;
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}
