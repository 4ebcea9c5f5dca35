import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {z} from 'zod';
import type {HostArray, HostArrays} from '../engine/step.js';
import {exitCodes, UserError} from '../support/errors.js';
import {openSafetensors, writeSafetensors} from './safetensors.js';

/** Logits of classes from image features f [d] of unit length. */
export interface ClassLogits {
  /** [c, d] and [c]: f . w_c + bias_c. */
  readonly weights: HostArray;
  readonly bias: HostArray;
  /** Added to them: alpha exp(-beta (1 - f . k)) . v over keys k [m, d] and values v [m, c] (Tip-Adapter, arXiv:2111.03930). */
  readonly cache?: {
    readonly keys: HostArray;
    readonly values: HostArray;
    readonly alpha: number;
    readonly beta: number;
  };
}

/** What sorts images into the classes that a model was trained with; it lies beside the weights in the model's folder. */
export interface ClassHead extends ClassLogits {
  /** The method that made it. */
  readonly method: string;
  /** [c] as the data writes them. */
  readonly labels: readonly string[];
  /** [c] as people read them. */
  readonly names: readonly string[];
}

const fileName = 'class-head.safetensors';

const metadataSchema = z.object({
  format: z.literal('fewclip-class-head'),
  method: z.string(),
  classes: z.string().transform((text, context) => {
    const parsed = classesSchema.safeParse(JSON.parse(text));
    if (!parsed.success) context.addIssue('expected labels and names');
    return parsed.data ?? {labels: [], names: []};
  }),
  alpha: z.coerce.number().optional(),
  beta: z.coerce.number().optional(),
});
const classesSchema = z.strictObject({labels: z.array(z.string()), names: z.array(z.string())});

/** Writes a head into a model's folder, whole or not at all. */
export async function saveClassHead(folder: string, head: ClassHead): Promise<void> {
  const {method, labels, names, weights, bias, cache} = head;
  const arrays: HostArrays = {weights, bias, ...(cache && {keys: cache.keys, values: cache.values})};
  await writeSafetensors(
    join(folder, fileName),
    Object.entries(arrays).map(([name, array]) => ({name, value: () => array})),
    {
      metadata: {
        ...{format: 'fewclip-class-head', method, classes: JSON.stringify({labels, names})},
        ...(cache && {alpha: String(cache.alpha), beta: String(cache.beta)}),
      },
    },
  );
}

/**
 * The head in a model's folder; undefined when there is none.
 * @throws UserError with exit code `data` when the file is not one
 */
export async function loadClassHead(folder: string): Promise<ClassHead | undefined> {
  const path = join(folder, fileName);
  if (!existsSync(path)) return undefined;
  const file = await openSafetensors(path);
  try {
    const {method, classes, alpha, beta} = parsedMetadata(file.metadata, path);
    const read = async (name: string, shape: readonly number[]) => {
      const array = file.names().includes(name) ? await file.read(name) : undefined;
      const fits =
        array?.shape.length === shape.length && shape.every((side, i) => side < 0 || array.shape[i] === side);
      if (fits) return array;
      const wanted = shape.map((side) => (side < 0 ? 'any' : side)).join(', ');
      throw notAHead(path, `${name} of shape [${wanted}]`, array ? `[${array.shape.join(', ')}]` : 'none');
    };
    const count = classes.labels.length;
    const weights = await read('weights', [count, -1]);
    const head = {method, ...classes, weights, bias: await read('bias', [count])};
    if (alpha === undefined || beta === undefined) return head;
    const keys = await read('keys', [-1, weights.shape[1]!]);
    return {...head, cache: {keys, values: await read('values', [keys.shape[0]!, count]), alpha, beta}};
  } finally {
    await file.close();
  }
}

function parsedMetadata(metadata: ReadonlyMap<string, string>, path: string) {
  try {
    return metadataSchema.parse(Object.fromEntries(metadata));
  } catch (error) {
    throw notAHead(path, 'a class head', 'another content', error);
  }
}

function notAHead(path: string, expected: string, got: string, cause?: unknown): UserError {
  return new UserError(`${path}: expected ${expected}, got ${got}`, {exit: exitCodes.data, cause});
}
