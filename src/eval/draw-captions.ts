import {uniform} from '../engine/random.js';

/** First counter of the draws, so that they are not the draws of another use of the same seed. */
const captionStream = 0xca97;

/** One caption an image, drawn by the seed: the same seed draws the same captions of the same data. */
export function drawCaptions(captionsOf: readonly (readonly string[])[], seed: number): string[] {
  return captionsOf.map(
    (captions, image) => captions[Math.floor(uniform(seed, captionStream, image) * captions.length)]!,
  );
}
