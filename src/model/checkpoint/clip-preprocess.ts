import {z} from 'zod';
import type {PreprocessConfig} from '../clip-config.js';

/** Pixel statistics of the set that CLIP was trained on, RGB, for pixels from 0 to 1. */
export const clipMean = [0.48145466, 0.4578275, 0.40821073] as const;
export const clipStd = [0.26862954, 0.26130258, 0.27577711] as const;

/** What a checkpoint without preprocessing settings means. */
export function defaultPreprocess(size: number): PreprocessConfig {
  return {size, interpolation: 'bicubic', mean: clipMean, std: clipStd};
}

/** A schema whose value may be left out or null. */
export function orDefault<S extends z.ZodType>(schema: S, fallback: z.output<S>) {
  return schema.nullish().transform((value) => value ?? fallback);
}

export const count = z.int().positive();

/** A square size, written as a number or as a pair of equal numbers. */
export const squareSize = z
  .custom<number | readonly [number, number]>(isSquareSize, {error: 'one whole number or two equal ones'})
  .transform((size) => (typeof size === 'number' ? size : size[0]));

/** One number a channel, RGB. */
export const channelTriple = z.custom<readonly [number, number, number]>(isTriple, {error: '3 numbers'});

function isSquareSize(value: unknown): boolean {
  if (!Array.isArray(value)) return count.safeParse(value).success;
  return value.length === 2 && value[0] === value[1] && count.safeParse(value[0]).success;
}

function isTriple(value: unknown): boolean {
  return Array.isArray(value) && value.length === 3 && value.every(Number.isFinite);
}
