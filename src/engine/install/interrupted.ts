import {exitCodes, UserError} from '../../support/errors.js';

/** What an abort of an installation throws; the signal's reason names the exit code (SIGTERM) or not (SIGINT). */
export function interruptedError(signal: AbortSignal): UserError {
  const exit = signal.reason === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
  return new UserError('engine install: stopped before the end; nothing is left behind', {exit});
}
