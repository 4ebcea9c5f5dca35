import {z} from 'zod';

/** The method when none is asked for. */
export const defaultMethod = 's-clip';

/** A method beside the one that decides. */
export const addedMethod = z.strictObject({
  name: z.string().min(1),
  weight: z.number().min(0).default(1),
  params: z.record(z.string(), z.unknown()).default({}),
});

/**
 * What a person asks for, by flags or in a recipe. Every default is written here and nowhere else; what depends
 * on the model or the data (batch sizes that data cannot fill, Adam's constants) is decided when the plan is made.
 */
export const requestSchema = z.strictObject({
  domain: z.string().min(1).optional().describe('a domain file by name, or the path of your own'),
  model: z.string().min(1).describe('a folder, hf:owner/name, or a name such as ViT-B-32/openai'),
  captioned: z.string().min(1).optional().describe('captioned images: a folder or a tar'),
  split: z.string().min(1).optional().describe('the rows of the captioned set to use, when it has splits'),
  labelRatio: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe('keep the captions of this share of the captioned set; the rest joins the uncaptioned images'),
  unpaired: z.string().min(1).optional().describe('uncaptioned images: a folder or a tar'),
  keywords: z
    .string()
    .min(1)
    .optional()
    .describe('a file with one keyword a line, or class-names[:SET,...]; default: the domain’s list'),
  keywordMatching: z
    .enum(['words', 'exact'])
    .default('words')
    .describe('find keywords whatever their case and inflection, or exactly between spaces as published'),
  augmentation: z
    .enum(['domain', 'published'])
    .default('domain')
    .describe('vary training images as the domain says, or by crops of 0.9 to 1 of the area as published'),
  method: z.string().min(1).default(defaultMethod).describe('see fewclip methods list'),
  params: z.record(z.string(), z.unknown()).default({}).describe('parameters of the method'),
  with: z
    .array(z.preprocess((entry) => (typeof entry === 'string' ? {name: entry} : entry), addedMethod))
    .default([])
    .describe('further methods, each a name or {name, weight, params}, whose terms are added'),
  steps: z.int().min(1).optional().describe('optimiser steps; default 100'),
  epochs: z.number().gt(0).optional().describe('instead of steps: passes over the captioned images'),
  batch: z.int().min(2).default(32).describe('captioned images a step'),
  unpairedBatch: z
    .int()
    .min(1)
    .optional()
    .describe('uncaptioned images a step; default: as many as captioned'),
  unpairedOrder: z
    .enum(['auto', 'shuffled', 'matched'])
    .default('auto')
    .describe(
      'uncaptioned images of a step: shuffled, each pass in another order; matched, beside captioned ones that look like them to the model before the run; for methods that give them captions auto is matched where images that look alike share captions, and leaves them out where those share hardly a word',
    ),
  microBatch: z
    .int()
    .min(1)
    .optional()
    .describe('images or texts that the towers take at a time; default: the whole batch'),
  learningRate: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe('peak rate; default: 1e-4, and for models wider than 256 less (3.3e-5 for ViT-B)'),
  warmupSteps: z.int().min(0).default(10),
  weightDecay: z.number().min(0).max(10).default(0.2),
  clipNorm: z.number().gt(0).optional().describe('clip the gradients to this norm; default: no clipping'),
  frozen: z.enum(['none', 'image', 'text']).default('none').describe('a tower that is not trained'),
  select: z
    .enum(['held-out', 'last'])
    .default('held-out')
    .describe(
      'the weights that a run leaves: a mixture of those before and after, chosen by captioned images kept back; or the last',
    ),
  heldOutShare: z
    .number()
    .gt(0)
    .max(0.5)
    .default(0.2)
    .describe('share of the captioned images that select held-out keeps back, at most 256'),
  seed: z.int().min(0).max(0xffffffff).default(0),
  engine: z.enum(['auto', 'tensorflow', 'wasm', 'cpu']).default('auto'),
  precision: z
    .enum(['auto', 'fp32', 'bf16'])
    .default('auto')
    .describe('products of transformers; auto is bf16 where the processor has it'),
  capture: z.boolean().default(true).describe('run each step as one TensorFlow graph'),
  evaluate: z.array(z.string().min(1)).default([]).describe('labelled or captioned sets: PATH or PATH#split'),
  checkpointEvery: z.int().min(1).default(50).describe('steps between checkpoints'),
  imageCacheMiB: z
    .number()
    .min(0)
    .optional()
    .describe(
      'MiB of memory for decoded images, 0 for none; default: an eighth of what is free, at most 1024',
    ),
});

/** A request with all defaults filled in. */
export type Request = z.output<typeof requestSchema>;

/** A request as written: anything may be left out but the model. */
export type RequestInput = z.input<typeof requestSchema>;

/** Steps when neither steps nor epochs are asked for. */
export const defaultSteps = 100;
