/** Exit codes of the command line, the contract that scripts rely on. */
export const exitCodes = {
  done: 0,
  bug: 1,
  usage: 2,
  data: 3,
  engine: 4,
  outOfMemory: 5,
  numerical: 6,
  cells: 7,
  locked: 8,
  retry: 75,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export interface UserErrorOptions {
  /** One thing to try, best a command that can be pasted. */
  readonly tryThis?: string;
  /** Defaults to `exitCodes.usage`. */
  readonly exit?: ExitCode;
  readonly cause?: unknown;
}

/**
 * Something the user can mend. The message has one form: `where: expected what, got value`.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly tryThis: string | undefined;
  readonly exit: ExitCode;

  constructor(message: string, {tryThis, exit = exitCodes.usage, cause}: UserErrorOptions = {}) {
    super(message, cause === undefined ? undefined : {cause});
    this.tryThis = tryThis;
    this.exit = exit;
  }
}

/** Something only we can mend: a broken promise inside the program. */
export class BugError extends Error {
  override readonly name = 'BugError';
}
