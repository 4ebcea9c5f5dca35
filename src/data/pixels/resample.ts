import type {PreprocessConfig} from '../../model/clip-config.js';
import {fractionBits} from './resample-kernels.js';
import {compilePasses, type ResamplePasses, type Taps} from './resample-passes.js';
import type {Box, RgbImage} from './rgb-image.js';

type Interpolation = PreprocessConfig['interpolation'];

/** Compiled at the first call; their memory holds nothing from one call to the next. */
let passes: ResamplePasses | undefined;

export interface Resampling {
  /** Size of the whole result. */
  readonly width: number;
  readonly height: number;
  readonly interpolation: Interpolation;
  /** The part of the result that is wanted. */
  readonly window: Box;
  /** The part of the image that the whole result shows, in pixels that need not be whole; all of it by default. */
  readonly region?: Region;
}

/** Edges in pixels from the left and the top; each is rounded to float32, as Pillow keeps it. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Resizes an image and returns a window of the result, bit for bit as Pillow does it (`Image.resize`, with or without
 * `box`, reducing gap off): separable filters widened by the scale when shrinking, weights in fixed point with 22 bits, rows first, and
 * rounded to 8 bits between the two passes. sharp's own resizing differs by 1 to 5 levels on average.
 */
export function resample(image: RgbImage, {interpolation, window, ...resampling}: Resampling): RgbImage {
  const region = resampling.region ?? {left: 0, top: 0, right: image.width, bottom: image.height};
  const columns = tapsOf(
    {interpolation, sourceSize: image.width, ...span(region.left, region.right, resampling.width)},
    window.left,
    window.width,
  );
  const rows = tapsOf(
    {interpolation, sourceSize: image.height, ...span(region.top, region.bottom, resampling.height)},
    window.top,
    window.height,
  );
  passes ??= compilePasses();
  return passes(image, {columns, rows});
}

interface Axis {
  readonly interpolation: Interpolation;
  /** Where the result begins, in source pixels. */
  readonly origin: number;
  /** Source pixels for one result pixel. */
  readonly scale: number;
  readonly sourceSize: number;
}

function span(from: number, to: number, size: number): Pick<Axis, 'origin' | 'scale'> {
  const [origin, end] = [Math.fround(from), Math.fround(to)];
  return {origin, scale: Math.fround(end - origin) / size};
}

/** The taps of `count` result pixels along an axis, beginning with pixel `start`. */
function tapsOf({interpolation, origin, scale, sourceSize}: Axis, start: number, count: number): Taps[] {
  const {weight, support} = filters[interpolation];
  const widening = Math.max(scale, 1);
  const reach = support * widening;
  return Array.from({length: count}, (_, i) => {
    const center = origin + (start + i + 0.5) * scale;
    const first = Math.max(Math.trunc(center - reach + 0.5), 0);
    const end = Math.min(Math.trunc(center + reach + 0.5), sourceSize);
    const raw = new Float64Array(end - first);
    let sum = 0;
    for (let k = 0; k < raw.length; k++) sum += raw[k] = weight((k + first - center + 0.5) * (1 / widening));
    const weights = new Int32Array(raw.length);
    for (let k = 0; k < raw.length; k++) weights[k] = toFixedPoint(raw[k]! / sum);
    return {first, weights};
  });
}

const filters = {bilinear: {support: 1, weight: triangle}, bicubic: {support: 2, weight: cubic}} as const;

function triangle(x: number): number {
  return Math.max(1 - Math.abs(x), 0);
}

/** Keys 1981 with a = -1/2. */
function cubic(x: number): number {
  const a = -0.5;
  const d = Math.abs(x);
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
}

function toFixedPoint(weight: number): number {
  return Math.trunc(weight * (1 << fractionBits) + (weight < 0 ? -0.5 : 0.5));
}
