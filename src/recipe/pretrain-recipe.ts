import {z} from 'zod';
import {UserError} from '../support/errors.js';
import {faultsOf} from './check-request.js';
import type {Where} from './fault-place.js';

/** `@scope/name@1.2.3`: an npm package in one exact version. */
export const exactPackage = /^(?<name>(?:@[\w.-]+\/)?[\w.-]+)@(?<version>\d+\.\d+\.\d+)$/;

/** A package by name and exact version, or a folder that holds what a package would. */
const pictureSource = z.string().refine((text) => exactPackage.test(text) || /^\.{0,2}\//.test(text), {
  error: ({input}) =>
    `expected a package with its version (name@1.2.3) or a folder (./...), got ${String(input)}`,
});

const size = z.int().min(1).max(4096);

/** What a model learns from: icon sets by package. */
export const corpusSchema = z.strictObject({
  packages: z.array(pictureSource).min(1).describe('icon sets in Iconify’s layout; their names are captions'),
  heldOutStyle: pictureSource.optional().describe('an emoji style that is only measured on'),
  heldOutShare: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.1)
    .describe('share of the emoji that is only measured on'),
  size: z.int().min(16).max(512).default(72).describe('pixels of a drawing’s side'),
  variants: z.int().min(1).max(64).default(3).describe('drawings of each picture, the first as it is'),
  seed: z.int().min(0).default(0),
});

export const architectureSchema = z.strictObject({
  embedDim: size,
  image: z.strictObject({size, patch: size, width: size, layers: size, heads: size}),
  text: z.strictObject({context: z.int().min(4).max(512), vocabulary: z.int().min(514).max(65_536)}).extend({
    width: size,
    layers: size,
    heads: size,
  }),
});

/** How it is trained: as `adapt` trains, and what only a model that knows nothing needs. */
export const trainingSchema = z.strictObject({
  method: z.string().min(1).default('clip').describe('see fewclip methods list'),
  params: z.record(z.string(), z.unknown()).default({}),
  steps: z.int().min(1),
  batch: z.int().min(2),
  microBatch: z.int().min(1).optional(),
  learningRate: z.number().gt(0).max(1),
  warmupSteps: z.int().min(0),
  weightDecay: z.number().min(0).max(10).default(0.1),
  clipNorm: z.number().gt(0).optional(),
  crop: z
    .tuple([z.number().gt(0).max(1), z.number().gt(0).max(1)])
    .default([0.8, 1])
    .describe('least and largest share of the area that a training crop takes'),
  mirror: z.boolean().default(false),
  engine: z.enum(['auto', 'tensorflow', 'wasm', 'cpu']).default('auto'),
  precision: z.enum(['auto', 'fp32', 'bf16']).default('auto'),
  checkpointEvery: z.int().min(1).default(100),
  evaluateEvery: z.int().min(1).optional().describe('steps between measurements'),
});

/** Everything that decides a model trained from scratch. */
export const pretrainSchema = z.strictObject({
  about: z.string().min(1).optional().describe('one sentence: what the model is for'),
  domain: z.string().min(1).optional().describe('class names and templates for measuring'),
  corpus: corpusSchema,
  model: architectureSchema,
  train: trainingSchema,
  seed: z.int().min(0).max(0xffffffff).default(0),
});

export type PretrainRecipe = z.output<typeof pretrainSchema>;

/**
 * Fills in the defaults of a recipe for pre-training and reports all its faults at once.
 * @throws UserError naming every key that is wrong
 */
export function checkPretrainRecipe(content: unknown, where: Where): PretrainRecipe {
  const parsed = pretrainSchema.safeParse(content, {reportInput: true});
  if (!parsed.success) throw new UserError(faultsOf(parsed.error, where, knownAt).join('; '));
  const {model} = parsed.data;
  for (const [tower, {width, heads}] of Object.entries({image: model.image, text: model.text})) {
    if (width % heads === 0) continue;
    const place = typeof where === 'string' ? where : where(['model', tower, 'heads']);
    throw new UserError(
      `${place}: model.${tower}.heads: expected a divisor of the width ${width}, got ${heads}`,
    );
  }
  return parsed.data;
}

/** The keys that may stand at a path. */
function knownAt(path: readonly PropertyKey[]): readonly string[] {
  const parts = {corpus: corpusSchema, model: architectureSchema, train: trainingSchema};
  if (path.length === 0) return Object.keys(pretrainSchema.shape);
  const part = path.length === 1 ? parts[path[0] as keyof typeof parts] : undefined;
  return part === undefined ? [] : Object.keys(part.shape);
}
