import {BugError} from '../support/errors.js';

/**
 * Numbers of captions, from 0 in the order in which they come up: those that differ in case and white space alone have one
 * number.
 * @throws BugError when asked for a caption that is not among them
 */
export function captionNumbers(captions: readonly string[]): (caption: string) => number {
  const numbers = new Map<string, number>();
  for (const caption of captions) {
    const key = normalised(caption);
    if (!numbers.has(key)) numbers.set(key, numbers.size);
  }
  return (caption) => {
    const number = numbers.get(normalised(caption));
    if (number === undefined) {
      throw new BugError(`captionNumbers: expected one of ${numbers.size} captions, got ${caption}`);
    }
    return number;
  };
}

function normalised(caption: string): string {
  return caption.trim().replaceAll(/\s+/gu, ' ').toLowerCase();
}
