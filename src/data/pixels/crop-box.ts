import {uniform} from '../../engine/random.js';
import type {Box} from './rgb-image.js';
import {roundHalfEven} from './round-half-even.js';

/** Share of the area, ratio of the sides, top and left edge: uniform in [0, 1). */
export type CropDraws = readonly [area: number, ratio: number, top: number, left: number];

/** Least and largest share of an image's area that a crop takes. */
export type AreaShare = readonly [least: number, largest: number];

/** That of training crops, as in S-CLIP. */
export const trainingArea: AreaShare = [0.9, 1];
/** No side of a training crop is a smaller share of the image's: the other side cannot be longer than the image's. */
export const smallestCropShare = trainingArea[0];
const sidesRatio = [3 / 4, 4 / 3] as const;
const tries = 10;

/**
 * The box of torchvision's `RandomResizedCrop` with area share `area` and ratio 3/4 to 4/3 (log-uniform): up to ten tries to
 * find one that fits, else the largest central one of an allowed ratio. The draws are the first try; later tries take
 * theirs from a hash of the draws, so that the box is a function of them with torchvision's distribution.
 */
export function randomCropBox(
  {width, height}: Pick<Box, 'width' | 'height'>,
  draws: CropDraws,
  area: AreaShare = trainingArea,
): Box {
  for (let attempt = 0; attempt < tries; attempt++) {
    const drawn = attempt === 0 ? draws : redraw(draws, attempt);
    const size = drawSize({area: width * height, share: area}, drawn);
    const isInside = size.width > 0 && size.width <= width && size.height > 0 && size.height <= height;
    if (!isInside) continue;
    const top = Math.floor(draws[2] * (height - size.height + 1));
    const left = Math.floor(draws[3] * (width - size.width + 1));
    return {left, top, ...size};
  }
  return centralBox(width, height);
}

function drawSize(
  {area, share}: {readonly area: number; readonly share: AreaShare},
  [areaDraw, ratioDraw]: readonly [number, number, ...number[]],
): Pick<Box, 'width' | 'height'> {
  const target = area * between(share, areaDraw);
  const ratio = Math.exp(between([Math.log(sidesRatio[0]), Math.log(sidesRatio[1])], ratioDraw));
  return {width: roundHalfEven(Math.sqrt(target * ratio)), height: roundHalfEven(Math.sqrt(target / ratio))};
}

function between([from, to]: readonly [number, number], draw: number): number {
  return from + (to - from) * draw;
}

function redraw(draws: CropDraws, attempt: number): [number, number] {
  const [seed, ...counters] = draws.map((draw) => Math.floor(draw * 2 ** 32));
  return [uniform(seed!, ...counters, attempt, 0), uniform(seed!, ...counters, attempt, 1)];
}

function centralBox(width: number, height: number): Box {
  const [narrowest, widest] = sidesRatio;
  const ratio = width / height;
  const box = {
    width: ratio > widest ? roundHalfEven(height * widest) : width,
    height: ratio < narrowest ? roundHalfEven(width / narrowest) : height,
  };
  return {left: Math.floor((width - box.width) / 2), top: Math.floor((height - box.height) / 2), ...box};
}
