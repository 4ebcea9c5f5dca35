import {readFile} from 'node:fs/promises';
import {uniform} from '../engine/random.js';
import {BugError, UserError, exitCodes} from '../support/errors.js';
import {utf8Text} from './utf8-text.js';

/** Every keyword passes the text tower in every step: lists above this size are a mistake. */
export const mostKeywords = 2000;

/**
 * Which captions hold which keywords, [n, k] row-major: 1 where ` keyword ` occurs in ` caption `, as S-CLIP
 * matches (arXiv:2305.14095, released code): case and punctuation count, nested keywords all match.
 */
export function keywordLabels(keywords: readonly string[], captions: readonly string[]): Float32Array {
  const labels = new Float32Array(captions.length * keywords.length);
  const needles = keywords.map((keyword) => ` ${keyword} `);
  captions.forEach((caption, i) => {
    const text = ` ${caption} `;
    needles.forEach((needle, c) => {
      if (text.includes(needle)) labels[i * keywords.length + c] = 1;
    });
  });
  return labels;
}

export interface KeywordCoverage {
  /** Captions that hold at least one keyword. */
  readonly covered: number;
  /** Captions that hold each keyword, in the order of the keywords. */
  readonly counts: readonly number[];
}

/** How well a keyword list fits some captions, by the rule of {@link keywordLabels}. */
export function keywordCoverage(keywords: readonly string[], captions: readonly string[]): KeywordCoverage {
  const counts = keywords.map(() => 0);
  let covered = 0;
  for (const caption of captions) {
    const labels = keywordLabels(keywords, [caption]);
    if (labels.includes(1)) covered++;
    labels.forEach((label, c) => (counts[c]! += label));
  }
  return {covered, counts};
}

/**
 * The caption of one visit of an image, each with the same chance: a pure function of the seed and of counters
 * that tell the visits apart (stream, epoch, row).
 */
export function drawCaption(
  captions: readonly string[],
  seed: number,
  ...counters: readonly number[]
): string {
  const drawn = captions[Math.floor(uniform(seed, ...counters) * captions.length)];
  if (drawn === undefined) throw new BugError('drawCaption: expected at least one caption, got none');
  return drawn;
}

/**
 * Reads keywords, one a line: stripped, empty lines dropped, of equal ones the first kept.
 * @throws UserError (data) when the file cannot be read, is no UTF-8 text, holds none or more than
 * {@link mostKeywords}.
 */
export async function readKeywords(
  file: string,
  {onNotice}: {readonly onNotice?: (message: string) => void} = {},
): Promise<string[]> {
  const content = await readFile(file).catch((error: unknown) => {
    throw new UserError(`${file}: expected a file with one keyword a line, got ${String(error)}`, {
      exit: exitCodes.data,
      cause: error,
    });
  });
  const lines = utf8Text(content, file).split(/\r\n|\r|\n/);
  const written = lines.map((line) => line.trim()).filter((line) => line !== '');
  const keywords = [...new Set(written)];
  if (keywords.length === 0 || keywords.length > mostKeywords) {
    throw new UserError(
      `${file}: expected 1 to ${mostKeywords} keywords, one a line, got ${keywords.length}`,
      {
        exit: exitCodes.data,
      },
    );
  }
  const repeated = written.length - keywords.length;
  if (repeated > 0)
    onNotice?.(`${file}: ${repeated} repeated ${repeated === 1 ? 'keyword' : 'keywords'} dropped`);
  return keywords;
}
