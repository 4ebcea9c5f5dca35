import {uniform} from '../engine/random.js';
import {BugError} from '../support/errors.js';

/**
 * Which captions hold which keywords, [n, k] row-major: 1 where ` keyword ` occurs in ` caption `, as S-CLIP
 * matches (arXiv:2305.14095, released code): case and punctuation count, nested keywords all match.
 */
export function keywordLabels(keywords: readonly string[], captions: readonly string[]): Float32Array {
  const labels = new Float32Array(captions.length * keywords.length);
  const needles = keywords.map((keyword) => ` ${keyword} `);
  captions.forEach((caption, i) => {
    const text = ` ${caption} `;
    needles.forEach((needle, c) => {
      if (text.includes(needle)) labels[i * keywords.length + c] = 1;
    });
  });
  return labels;
}

/**
 * The caption of one visit of an image, each with the same chance: a pure function of the seed and of counters
 * that tell the visits apart (stream, epoch, row).
 */
export function drawCaption(
  captions: readonly string[],
  seed: number,
  ...counters: readonly number[]
): string {
  const drawn = captions[Math.floor(uniform(seed, ...counters) * captions.length)];
  if (drawn === undefined) throw new BugError('drawCaption: expected at least one caption, got none');
  return drawn;
}
