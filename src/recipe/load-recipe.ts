import {readFile} from 'node:fs/promises';
import {LineCounter, parseDocument} from 'yaml';
import {exitCodes, UserError} from '../support/errors.js';

/** A recipe as written: a request, plus what `compare` varies and what a reader should expect. */
export interface Recipe {
  readonly path: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/**
 * Reads a recipe file.
 * @throws UserError with line and column when it is not YAML, or not a mapping
 */
export async function loadRecipe(path: string): Promise<Recipe> {
  const lines = new LineCounter();
  const document = parseDocument(await readText(path), {lineCounter: lines, uniqueKeys: true});
  const [fault] = document.errors;
  if (fault) {
    const {line, col} = lines.linePos(fault.pos[0]);
    throw new UserError(`${path}:${line}:${col}: expected YAML, got ${fault.message.split('\n')[0]!}`);
  }
  const content: unknown = document.toJS({maxAliasCount: 50});
  if (content === null || typeof content !== 'object' || Array.isArray(content)) {
    throw new UserError(
      `${path}: expected a mapping of keys, got ${content === null ? 'nothing' : typeof content}`,
    );
  }
  return {path, content: content as Record<string, unknown>};
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
