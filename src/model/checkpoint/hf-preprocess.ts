import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {z} from 'zod';
import {exitCodes, UserError} from '../../support/errors.js';
import type {PreprocessConfig} from '../clip-config.js';
import {channelTriple, clipMean, clipStd, count, orDefault} from './clip-preprocess.js';
import {checkJson, readJson, type JsonFile} from './json-file.js';

/** Pillow's numbers of its resampling filters. */
const resampling = {bilinear: 2, bicubic: 3} as const;

const edge = z.union(
  [count, z.strictObject({shortest_edge: count}).transform((size) => size.shortest_edge)],
  {
    error: 'a number or {"shortest_edge": number}',
  },
);
const box = z.union([count, z.custom<{height: number}>(isSquare).transform(({height}) => height)], {
  error: 'a number or a square {"height", "width"}',
});

const always = orDefault(z.literal(true), true);

const schema = z.looseObject({
  do_resize: always,
  do_center_crop: always,
  do_rescale: always,
  do_normalize: always,
  rescale_factor: orDefault(z.number(), 1 / 255),
  size: edge.nullish(),
  crop_size: box.nullish(),
  resample: orDefault(z.literal([resampling.bilinear, resampling.bicubic]), resampling.bicubic),
  image_mean: orDefault(channelTriple, clipMean),
  image_std: orDefault(channelTriple, clipStd),
});

/**
 * The preprocessing settings of a folder, if it has any. Since transformers 5 they may be nested in
 * `processor_config.json`, which then goes before `preprocessor_config.json`.
 */
export async function readPreprocessor(folder: string): Promise<JsonFile | undefined> {
  const nested = join(folder, 'processor_config.json');
  if (existsSync(nested)) {
    const {value} = await readJson(nested);
    const {image_processor} = checkJson(
      z.looseObject({image_processor: z.unknown().optional()}),
      value,
      nested,
    );
    if (image_processor !== undefined) return {path: `${nested}: image_processor`, value: image_processor};
  }
  const own = join(folder, 'preprocessor_config.json');
  return existsSync(own) ? readJson(own) : undefined;
}

/**
 * Preprocessing from a `preprocessor_config.json`.
 * @throws UserError with exit code `data` when it asks for anything but CLIP's way: resize, centre crop, normalise.
 */
export function preprocessFromHf({path, value}: JsonFile, imageSize: number): PreprocessConfig {
  const config = checkJson(schema, value, path);
  for (const key of ['size', 'crop_size'] as const) {
    const got = config[key] ?? imageSize;
    if (got !== imageSize) {
      throw new UserError(`${path}: ${key}: expected the model's image size ${imageSize}, got ${got}`, {
        exit: exitCodes.data,
      });
    }
  }
  if (Math.abs(config.rescale_factor * 255 - 1) > 1e-6) {
    const message = `${path}: rescale_factor: expected 1/255, got ${config.rescale_factor}`;
    throw new UserError(message, {exit: exitCodes.data});
  }
  return {
    size: imageSize,
    interpolation: config.resample === resampling.bilinear ? 'bilinear' : 'bicubic',
    mean: config.image_mean,
    std: config.image_std,
  };
}

/** The `preprocessor_config.json` that says the same. */
export function hfPreprocess({size, interpolation, mean, std}: PreprocessConfig): Record<string, unknown> {
  return {
    image_processor_type: 'CLIPImageProcessor',
    do_convert_rgb: true,
    do_resize: true,
    size: {shortest_edge: size},
    resample: resampling[interpolation],
    do_center_crop: true,
    crop_size: {height: size, width: size},
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: mean,
    image_std: std,
  };
}

function isSquare(value: unknown): boolean {
  const parsed = z.strictObject({height: count, width: count}).safeParse(value);
  return parsed.success && parsed.data.height === parsed.data.width;
}
