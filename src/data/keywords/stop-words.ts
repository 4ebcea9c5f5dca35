import {readFile} from 'node:fs/promises';
import {words} from 'natural/lib/natural/util/stopwords.js';
import {exitCodes, UserError} from '../../support/errors.js';
import {utf8Text} from '../utf8-text.js';

/** Words of grammar, number and degree that natural's list lacks. */
const furtherWords =
  'not no nor ever often always usually even just though although however yet will shall may can cannot ' +
  'one two three four five six seven eight nine ten first second third several various whose every either neither ' +
  'within without around across along among upon onto off down near beside besides behind toward towards against ' +
  'shown shows show showing seen made makes used using been being having use uses able quite rather almost ' +
  'us i let there here thus hence therefore etc isn aren doesn don';

/** English words that say nothing alone, in lower case: natural's list, and words of grammar and number beside it. */
export function englishStopWords(): ReadonlySet<string> {
  return new Set([...words, ...furtherWords.split(' ')]);
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
