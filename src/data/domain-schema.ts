import {z} from 'zod';
import {knownNames} from '../support/nearest-name.js';
import type {DomainData} from './domain.js';

const words = z.string().trim().min(1);
const unique = (list: readonly string[]) => new Set(list).size === list.length;
const rows = z.custom<DomainData['captioned']>((value) => typeof value === 'function', 'expected a function');

const keywordRule = z.strictObject({
  method: z.enum(['yake', 'nouns', 'tf-idf']),
  nGram: z.int().min(1).max(5),
  stopWords: z.array(words),
  reason: words,
});
const augmentation = z.strictObject({
  crop: z
    .tuple([z.number().gt(0).max(1), z.number().gt(0).max(1)])
    .refine(([least, largest]) => least <= largest, 'expected the smaller share first'),
  mirror: z.boolean(),
  reason: words,
});
const set = z.strictObject({
  title: words,
  layout: words,
  splits: z.record(words, z.int().min(1)),
  classes: words.optional(),
  licence: words,
  source: words,
});

/** What a domain file must hold, ours or a user's own. */
const domainSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-+]*$/, 'expected small letters, digits and hyphens'),
  summary: words,
  classSets: z.record(
    words,
    z.strictObject({
      names: z
        .record(words, words)
        .refine((names) => Object.keys(names).length >= 2, 'expected at least two classes')
        .refine((names) => unique(Object.values(names)), 'expected different names'),
    }),
  ),
  templates: z
    .array(
      z.string().refine((template) => template.split('{}').length === 2, 'expected one {} for the class'),
    )
    .min(1)
    .refine(unique, 'expected different templates'),
  keywords: z.array(words).refine(unique, 'expected different keywords'),
  keywordRule: keywordRule.optional(),
  augmentation: augmentation.optional(),
  sets: z.record(words, set).optional(),
  licence: words,
  references: z.array(words),
  data: z.strictObject({captioned: rows, unpaired: rows, test: rows}).optional(),
});

/** A fault of a value as a domain, and where in it. */
export interface DomainIssue {
  readonly at: readonly PropertyKey[];
  readonly message: string;
}

/** The faults of a value as a domain; empty when it is one. */
export function domainIssues(value: unknown): DomainIssue[] {
  const result = domainSchema.safeParse(value);
  if (result.success) return [];
  return result.error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{at: issue.path, message: issue.message}];
    const known = issue.path.length === 0 ? Object.keys(domainSchema.shape) : [];
    return issue.keys.map((key) => ({
      at: [...issue.path, key],
      message: `expected a known key${known.length > 0 ? ` (${knownNames(key, known)})` : ''}`,
    }));
  });
}
