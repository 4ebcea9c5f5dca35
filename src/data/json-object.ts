import {UserError, exitCodes} from '../support/errors.js';
import type {Fields} from './layout.js';

/**
 * The JSON object in a text.
 * @throws UserError (data) `<where>: expected a JSON object, got ...`.
 */
export function jsonObject(text: string, where: string): Fields {
  const value = jsonValue(text, where);
  const failed = (got: string) =>
    new UserError(`${where}: expected a JSON object, got ${got}`, {exit: exitCodes.data});
  if (Array.isArray(value)) throw failed('a list');
  if (typeof value !== 'object' || value === null) throw failed(JSON.stringify(value));
  return value as Fields;
}

/**
 * The JSON value in a text.
 * @throws UserError (data) `<where>: expected a JSON object, got ...`.
 */
export function jsonValue(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UserError(`${where}: expected a JSON object, got ${(error as SyntaxError).message}`, {
      exit: exitCodes.data,
      cause: error,
    });
  }
}
