import {readFile} from 'node:fs/promises';
import type {z} from 'zod';
import {exitCodes, UserError} from '../../support/errors.js';

/** The content of a JSON file, with its path for errors. */
export interface JsonFile {
  readonly path: string;
  readonly value: unknown;
}

/**
 * Reads a JSON file.
 * @throws UserError with exit code `data` when it is missing or not JSON.
 */
export async function readJson(path: string): Promise<JsonFile> {
  try {
    return {path, value: JSON.parse(await readFile(path, 'utf8')) as unknown};
  } catch (error) {
    throw new UserError(`${path}: expected JSON, got ${(error as Error).message}`, {exit: exitCodes.data});
  }
}

/**
 * Checks a value against a schema.
 * @throws UserError with exit code `data` that lists every fault with its path.
 */
export function checkJson<S extends z.ZodType>(schema: S, value: unknown, where: string): z.output<S> {
  const parsed = schema.safeParse(value, {reportInput: true});
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => [...issue.path, describe(issue)].join(': '));
  throw new UserError(`${where}: ${faults.join('; ')}`, {exit: exitCodes.data});
}

function describe(issue: z.core.$ZodIssue): string {
  const got = JSON.stringify(issue.input) ?? 'nothing';
  return `expected ${expectation(issue)}, got ${got}`;
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int' ? 'a whole number' : `a value of type ${issue.expected}`;
    case 'invalid_value':
      return issue.values.join(' or ');
    case 'too_small':
      return `a number ${issue.inclusive === false ? 'above' : 'of at least'} ${issue.minimum}`;
    default:
      return issue.message;
  }
}
