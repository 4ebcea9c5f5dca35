import {readFile} from 'node:fs/promises';
import {exitCodes, UserError} from '../support/errors.js';
import {parseYaml} from '../support/yaml-document.js';

/** A recipe as written: a request, plus what `compare` varies and what a reader should expect. */
export interface Recipe {
  readonly path: string;
  readonly content: Readonly<Record<string, unknown>>;
  /** `line:column` of an entry; undefined for content that no file holds. */
  readonly placeOf?: (path: readonly PropertyKey[]) => string;
}

/**
 * Reads a recipe file.
 * @throws UserError with line and column when it is not YAML, or not a mapping
 */
export async function loadRecipe(path: string): Promise<Recipe> {
  const {value, placeOf} = parseYaml(await readText(path), path);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new UserError(
      `${path}: expected a mapping of keys, got ${value === null ? 'nothing' : typeof value}`,
    );
  }
  return {path, content: value as Record<string, unknown>, placeOf};
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'an unreadable file';
    throw new UserError(`${path}: expected a recipe file, got ${code}`, {
      exit: exitCodes.usage,
      cause: error,
    });
  }
}
