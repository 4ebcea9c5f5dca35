import {exitCodes, UserError} from '../support/errors.js';

/** How TensorFlow, WebAssembly and Node say that an array found no room. */
const noRoom =
  /\bOOM\b|RESOURCE_EXHAUSTED|out of memory|memory access out of bounds|Array buffer allocation failed/i;

/** What to throw for an error of a step: a UserError (exit `outOfMemory`) when it found no room, else itself. */
export function explainMemory(error: unknown, step: number): unknown {
  if (!(error instanceof Error) || error instanceof UserError || !noRoom.test(error.message)) return error;
  const words = error.message
    .split('\n')
    .find((line) => noRoom.test(line))!
    .replace(/^Message: /, '');
  return new UserError(`step ${step}: expected it to fit into memory, got: ${words}`, {
    tryThis: 'a smaller --batch',
    exit: exitCodes.outOfMemory,
    cause: error,
  });
}
