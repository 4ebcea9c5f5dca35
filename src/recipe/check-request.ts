import type {z} from 'zod';
import {UserError} from '../support/errors.js';
import {nearestName} from '../support/nearest-name.js';
import {placeIn, type Where} from './fault-place.js';
import {requestSchema, type Request} from './request.js';

/**
 * Fills in the defaults of a request and reports all its faults at once.
 * @param where what the person wrote it in: `adapt`, or a recipe
 * @throws UserError naming every key that is wrong
 */
export function checkRequest(input: unknown, where: Where): Request {
  const parsed = requestSchema.safeParse(input, {reportInput: true});
  if (!parsed.success)
    throw new UserError(describeFaults(parsed.error, where, Object.keys(requestSchema.shape)));
  if (parsed.data.steps !== undefined && parsed.data.epochs !== undefined) {
    throw new UserError(`${placeIn(where, ['epochs'])}: expected steps or epochs, got both`);
  }
  return parsed.data;
}

/** All faults as one text: {@link faultsOf}, joined. */
export function describeFaults(error: z.ZodError, where: Where, knownKeys: readonly string[]): string {
  return faultsOf(error, where, (path) => (path.length === 0 ? knownKeys : [])).join('; ');
}

/** One sentence a fault, in the form `where: key: expected what, got value`; `known` are the keys at a path. */
export function faultsOf(
  error: z.ZodError,
  where: Where,
  known: (path: readonly PropertyKey[]) => readonly string[],
): string[] {
  return error.issues.flatMap((issue) => {
    const key = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((name) => {
        const place = placeIn(where, [...issue.path, name]);
        return `${place}: ${key}expected a known key, got ${name}${keyHint(name, known(issue.path))}`;
      });
    }
    return [`${placeIn(where, issue.path)}: ${key}${expectation(issue)}`];
  });
}

function keyHint(name: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const nearest = nearestName(name, known);
  return nearest === undefined ? ` (known: ${known.join(', ')})` : ` (did you mean ${nearest}?)`;
}

/** Zod's own wording, turned to `expected what, got value`. */
function expectation(issue: z.core.$ZodIssue): string {
  const got = 'input' in issue && issue.input !== undefined ? `, got ${JSON.stringify(issue.input)}` : '';
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected}${got || ', got nothing'}`;
    case 'invalid_value':
      return `expected ${issue.values.map(String).join(' or ')}${got}`;
    case 'too_small':
      return `expected ${comparison('>', issue.inclusive)} ${issue.minimum}${got}`;
    case 'too_big':
      return `expected ${comparison('<', issue.inclusive)} ${issue.maximum}${got}`;
    default:
      return issue.message;
  }
}

function comparison(sign: '<' | '>', inclusive: boolean | undefined): string {
  return inclusive === false ? sign : `${sign}=`;
}
