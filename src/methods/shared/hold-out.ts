import {permutation} from '../../engine/random.js';

/** Numbers of images to fit on, and of those kept back to choose by. */
export interface HeldOut {
  readonly fit: readonly number[];
  readonly held: readonly number[];
}

/** First counter of the draws, so that they are not those of another use of the same seed. */
const stream = 0x4e1d;

/**
 * Keeps back a share of the images of every class, drawn by the seed, so that something can be chosen without looking at
 * anything but training images. One image of each class at least stays to fit on.
 */
export function holdOut(
  labels: readonly number[],
  {share, seed}: {readonly share: number; readonly seed: number},
): HeldOut {
  const byClass = new Map<number, number[]>();
  labels.forEach((label, i) => byClass.set(label, [...(byClass.get(label) ?? []), i]));
  const held = [...byClass].flatMap(([label, images]) => {
    const count = Math.min(Math.round(images.length * share), images.length - 1);
    return Array.from(permutation(images.length, seed, stream, label).subarray(0, count), (i) => images[i]!);
  });
  const isHeld = new Set(held);
  return {fit: labels.flatMap((_, i) => (isHeld.has(i) ? [] : [i])), held: held.sort((a, b) => a - b)};
}
