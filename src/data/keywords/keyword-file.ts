import {readFile} from 'node:fs/promises';
import {z} from 'zod';
import {exitCodes, UserError} from '../../support/errors.js';
import {utf8Text} from '../utf8-text.js';

/** Every keyword passes the text tower in every step: lists above this size are a mistake. */
export const mostKeywords = 2000;

/** A list of keywords and what is known of where it comes from. */
export interface KeywordList {
  readonly keywords: readonly string[];
  /** Whether it says of itself that it holds the names of the classes that are asked for in evaluation. */
  readonly oracle: boolean;
}

/** What the first line of a text file says of class names. */
const oracleMark = '# oracle vocabulary';

const keywordDocument = z.union([
  z.array(z.string()),
  z.object({
    vocabulary: z.enum(['extracted', 'oracle']).default('extracted'),
    keywords: z.array(z.union([z.string(), z.object({keyword: z.string()})])),
  }),
]);

/**
 * Reads keywords: a text file with one a line (lines that begin with `# ` are remarks), or a JSON document, a list of
 * strings or what `keywords extract` writes. Stripped, empty ones dropped, of equal ones the first kept.
 * @throws UserError (data) when the file cannot be read, is no UTF-8 text, holds none or more than
 * {@link mostKeywords}.
 */
export async function readKeywords(
  file: string,
  {onNotice}: {readonly onNotice?: (message: string) => void} = {},
): Promise<KeywordList> {
  const content = await readFile(file).catch((error: unknown) => {
    throw new UserError(`${file}: expected a file with one keyword a line, got ${String(error)}`, {
      exit: exitCodes.data,
      cause: error,
    });
  });
  const text = utf8Text(content, file);
  const list = /\.json$/i.test(file) ? jsonKeywords(text, file) : lineKeywords(text);
  const written = list.keywords.map((keyword) => keyword.trim()).filter((keyword) => keyword !== '');
  const keywords = [...new Set(written)];
  if (keywords.length === 0 || keywords.length > mostKeywords) {
    throw new UserError(
      `${file}: expected 1 to ${mostKeywords} keywords, one a line, got ${keywords.length}`,
      {exit: exitCodes.data},
    );
  }
  const repeated = written.length - keywords.length;
  if (repeated > 0)
    onNotice?.(`${file}: ${repeated} repeated ${repeated === 1 ? 'keyword' : 'keywords'} dropped`);
  return {keywords, oracle: list.oracle};
}

/** A list as the text that {@link readKeywords} reads, with a remark on its first line. */
export function keywordText({keywords, oracle}: KeywordList, remark: string): string {
  const first = oracle ? `${oracleMark}: ${remark}` : `# ${remark}`;
  return `${[first, ...keywords].join('\n')}\n`;
}

function lineKeywords(text: string): KeywordList {
  const lines = text.split(/\r\n|\r|\n/);
  return {
    keywords: lines.filter((line) => !line.startsWith('# ')),
    oracle: lines[0]!.startsWith(oracleMark),
  };
}

function jsonKeywords(text: string, file: string): KeywordList {
  const parsed = keywordDocument.safeParse(parsedJson(text, file));
  if (!parsed.success) {
    throw new UserError(`${file}: expected a list of keywords, got another JSON document`, {
      exit: exitCodes.data,
      tryThis: 'fewclip keywords extract CAPTIONS --out keywords.json shows the form',
    });
  }
  const {data} = parsed;
  if (Array.isArray(data)) return {keywords: data, oracle: false};
  return {
    keywords: data.keywords.map((entry) => (typeof entry === 'string' ? entry : entry.keyword)),
    oracle: data.vocabulary === 'oracle',
  };
}

function parsedJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${file}: expected JSON, got ${(error as Error).message}`, {
      exit: exitCodes.data,
      cause: error,
    });
  }
}
