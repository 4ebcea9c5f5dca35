/**
 * How many of the 8,400 training captions of UCM-Captions have how many tokens with OpenAI's vocabulary, start and
 * end token counted.
 */
const captions: Readonly<Record<number, number>> = {
  6: 30,
  7: 27,
  8: 132,
  9: 647,
  10: 589,
  11: 542,
  12: 927,
  13: 1127,
  14: 796,
  15: 847,
  16: 708,
  17: 588,
  18: 374,
  19: 336,
  20: 276,
  21: 241,
  22: 92,
  23: 59,
  24: 36,
  25: 25,
  27: 1,
};

/** Keywords of the remote-sensing domain that one of these captions holds, in the mean. */
export const keywordsPerCaption = 3.06;

const total = Object.values(captions).reduce((sum, count) => sum + count, 0);

/** The length in tokens of a caption of UCM, from a uniform draw in [0, 1). */
export function captionLength(draw: number): number {
  let left = draw * total;
  for (const [length, count] of Object.entries(captions)) {
    left -= count;
    if (left < 0) return Number(length);
  }
  throw new RangeError(`captionLength: expected a draw in [0, 1), got ${draw}`);
}
