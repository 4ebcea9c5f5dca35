import {UserError} from '../../support/errors.js';

/** How many bad rows are borne: a number, or a share of the rows. */
export type BadLimit = {readonly rows: number} | {readonly share: number};

/**
 * `25` or `1%` -> a limit.
 * @throws UserError for anything else
 */
export function badLimit(written: string): BadLimit {
  const text = written.trim();
  const [, number = '', percent] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text) ?? [];
  const value = Number(number);
  if (number !== '' && percent === '%' && value <= 100) return {share: value / 100};
  if (number !== '' && percent === '' && Number.isInteger(value)) return {rows: value};
  throw new UserError(`--max-bad: expected a number of rows or a share such as 1%, got ${written}`);
}

/** Whether there are more bad rows than that. */
export function isAbove(bad: number, rows: number, limit: BadLimit): boolean {
  return bad > ('rows' in limit ? limit.rows : limit.share * rows);
}
