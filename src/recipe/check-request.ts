import type {z} from 'zod';
import {UserError} from '../support/errors.js';
import {nearestName} from '../support/nearest-name.js';
import {requestSchema, type Request} from './request.js';

/**
 * Fills in the defaults of a request and reports all its faults at once.
 * @param where what the person wrote it in: `adapt`, or a recipe's path
 * @throws UserError naming every key that is wrong
 */
export function checkRequest(input: unknown, where: string): Request {
  const parsed = requestSchema.safeParse(input, {reportInput: true});
  if (!parsed.success)
    throw new UserError(describeFaults(parsed.error, where, Object.keys(requestSchema.shape)));
  if (parsed.data.steps !== undefined && parsed.data.epochs !== undefined) {
    throw new UserError(`${where}: expected steps or epochs, got both`);
  }
  return parsed.data;
}

/** One sentence a fault, in the form `where: key: expected what, got value`. */
export function describeFaults(error: z.ZodError, where: string, knownKeys: readonly string[]): string {
  return error.issues
    .flatMap((issue) => {
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => {
          const nearest = nearestName(key, knownKeys);
          const hint = nearest === undefined ? `known: ${knownKeys.join(', ')}` : `did you mean ${nearest}?`;
          return `${where}: expected a known key, got ${key} (${hint})`;
        });
      }
      const key = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
      return [`${where}: ${key}${expectation(issue)}`];
    })
    .join('; ');
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
