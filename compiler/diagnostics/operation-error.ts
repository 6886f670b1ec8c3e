/**
 * Something outside the specs is in the way: a port, a missing tool, a failing process. The message is for the
 * user, as sentences; the command prints it without a stack and exits with `exit`.
 */
export class OperationError extends Error {
  readonly exit: number;

  /** `exit` is 2 where the machine or the call is wrong, 1 where something that was run has failed. */
  constructor(message: string, exit: 1 | 2 = 2) {
    super(message);
    this.exit = exit;
  }
}
