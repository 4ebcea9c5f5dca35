import {exitCodes, UserError} from '../support/errors.js';
import type {ErrorEvent} from './events.js';

/** What was thrown, as an event that crosses to the parent process. */
export function errorEvent(error: unknown): ErrorEvent {
  if (error instanceof UserError) {
    return {
      type: 'error',
      message: error.message,
      exit: error.exit,
      ...(error.tryThis !== undefined && {tryThis: error.tryThis}),
    };
  }
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EROFS' || code === 'EACCES') {
    return {
      type: 'error',
      message: (error as Error).message,
      exit: exitCodes.retry,
      tryThis: 'check the disk, then --resume',
    };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {type: 'error', message: `internal error: ${message}`, exit: exitCodes.bug};
}

/** The same error again, on the parent's side. */
export function thrownBy(event: ErrorEvent): Error {
  if (event.exit === exitCodes.bug) return new Error(event.message);
  return new UserError(event.message, {
    exit: event.exit as (typeof exitCodes)[keyof typeof exitCodes],
    ...(event.tryThis !== undefined && {tryThis: event.tryThis}),
  });
}
