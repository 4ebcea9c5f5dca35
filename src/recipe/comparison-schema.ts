import {z} from 'zod';

/** A method of a comparison with what is its own. */
export const comparedMethod = z.strictObject({
  name: z.string().min(1),
  label: z
    .string()
    .regex(/^[\w.-]+$/, {
      error: ({input}) => `expected letters, digits, . _ -, got ${JSON.stringify(input)}`,
    })
    .optional()
    .describe('names its runs; default: the name of the method'),
  params: z.record(z.string(), z.unknown()).default({}),
  with: z.array(z.unknown()).default([]),
  keywordMatching: z.unknown().optional().describe('in place of the recipe’s own'),
  learningRate: z.unknown().optional().describe('in place of the recipe’s own'),
  unpairedOrder: z.unknown().optional().describe('in place of the recipe’s own'),
});

/** What a recipe compares. */
export const comparisonSchema = z.strictObject({
  methods: z
    .array(z.preprocess((entry) => (typeof entry === 'string' ? {name: entry} : entry), comparedMethod))
    .min(1)
    .describe('each a name or {name, label, params, with, keywordMatching, learningRate, unpairedOrder}'),
  seeds: z.array(z.int().min(0)).min(1).default([0]),
});
