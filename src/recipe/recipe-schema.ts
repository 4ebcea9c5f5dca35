import {z} from 'zod';
import {faultsOf} from './check-request.js';
import {comparedMethod, comparisonSchema} from './comparison-schema.js';
import {expectationSchema, type Expectation} from './expectation.js';
import type {Where} from './fault-place.js';
import {addedMethod, requestSchema} from './request.js';

/** Everything that a recipe may hold: a request, what is compared, and what to expect. */
export const recipeSchema = z.strictObject({
  about: z.string().min(1).optional().describe('one sentence: what the recipe is for'),
  ...requestSchema.shape,
  compare: comparisonSchema.optional().describe('methods and seeds that run with the same data and budget'),
  expect: expectationSchema.optional().describe('what should come out, and how long it takes'),
});

/** The faults of a recipe's content, each with its place; empty when there are none. */
export function recipeFaults(content: Readonly<Record<string, unknown>>, where: Where): string[] {
  const parsed = recipeSchema.safeParse(content, {reportInput: true});
  if (!parsed.success) return faultsOf(parsed.error, where, knownAt);
  const {steps, epochs} = parsed.data;
  if (steps === undefined || epochs === undefined) return [];
  const place = typeof where === 'string' ? where : where(['epochs']);
  return [`${place}: expected steps or epochs, got both`];
}

/** The part of a recipe that is a request. */
export function requestPart(content: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const {about: _about, compare: _compare, expect: _expect, ...request} = content;
  return request;
}

/** What a recipe says should come out; undefined when it says nothing, or not in the right form. */
export function expectationOf(content: Readonly<Record<string, unknown>>): Expectation | undefined {
  return expectationSchema.optional().safeParse(content['expect']).data;
}

/** The JSON Schema (draft 2020-12) of recipes, for editors. */
export function recipeJsonSchema(): unknown {
  return {
    title: 'fewclip recipe',
    ...z.toJSONSchema(recipeSchema, {io: 'input', unrepresentable: 'any'}),
  };
}

/** The keys that may stand at a path. */
function knownAt(path: readonly PropertyKey[]): readonly string[] {
  const [first, second] = path;
  if (path.length === 0) return Object.keys(recipeSchema.shape);
  if (first === 'with' && path.length === 2) return Object.keys(addedMethod.shape);
  if (first === 'compare' && path.length === 1) return Object.keys(comparisonSchema.shape);
  if (first === 'compare' && second === 'methods') return Object.keys(comparedMethod.shape);
  if (first === 'expect' && path.length === 1) return Object.keys(expectationSchema.shape);
  if (first === 'expect' && second === 'figures') return ['value', 'tolerance'];
  return [];
}
