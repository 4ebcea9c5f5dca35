import {readFile} from 'node:fs/promises';
import {words} from 'natural/lib/natural/util/stopwords.js';
import {exitCodes, UserError} from '../../support/errors.js';
import {utf8Text} from '../utf8-text.js';

/** English words that say nothing alone, in lower case: natural's list. */
export function englishStopWords(): ReadonlySet<string> {
  return new Set(words);
}

/**
 * Reads a stop list, one word a line; lines that begin with `# ` are remarks.
 * @throws UserError (data) when it cannot be read, is no UTF-8 text or holds no word
 */
export async function readStopWords(file: string): Promise<ReadonlySet<string>> {
  const content = await readFile(file).catch((error: unknown) => {
    throw new UserError(`${file}: expected a file with one stop word a line, got ${String(error)}`, {
      exit: exitCodes.data,
      cause: error,
    });
  });
  const lines = utf8Text(content, file)
    .split(/\r\n|\r|\n/)
    .filter((line) => !line.startsWith('# '))
    .map((line) => line.trim().toLowerCase());
  const stopWords = new Set(lines.filter((line) => line !== ''));
  if (stopWords.size > 0) return stopWords;
  throw new UserError(`${file}: expected at least one stop word, one a line, got none`, {
    exit: exitCodes.data,
  });
}
