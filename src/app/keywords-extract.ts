import {readFile, stat} from 'node:fs/promises';
import type {Domain} from '../data/domain.js';
import {classNamesOf} from '../data/keywords/class-names.js';
import {keywordCoverage} from '../data/keywords/coverage.js';
import {extractKeywords, type DropReason, type ExtractionMethod} from '../data/keywords/extract.js';
import {keywordText} from '../data/keywords/keyword-file.js';
import type {KeywordMatching} from '../data/keywords/matching.js';
import {englishStopWords, readStopWords} from '../data/keywords/stop-words.js';
import {usualLimits} from '../data/keywords/usual-limits.js';
import {labelSplit} from '../data/label-split.js';
import {loadDomain} from '../data/load-domain.js';
import {openCaptioned} from '../data/open-data.js';
import {utf8Text} from '../data/utf8-text.js';
import {writeFileAtomically, writeJsonAtomically} from '../support/atomic-file.js';
import {exitCodes, UserError} from '../support/errors.js';
import {dataReference} from './data-reference.js';

export interface KeywordExtractOptions {
  /** Captioned sets, or text files with one caption a line. */
  readonly sources: readonly string[];
  readonly split?: string | undefined;
  /** Only the captions that a run with this ratio and seed keeps. */
  readonly labelRatio?: number | undefined;
  readonly seed: number;
  /** Undefined: the rule of the domain, else yake. */
  readonly method?: ExtractionMethod | 'class-names' | undefined;
  readonly domain?: string | undefined;
  /** Class sets of the domain; undefined: all. */
  readonly classes?: readonly string[] | undefined;
  readonly nGram?: number | undefined;
  readonly top: number;
  readonly minCount?: number | undefined;
  readonly maxShare?: number | undefined;
  readonly minLength?: number | undefined;
  /** A stop list instead of the English one; that of the domain is added. */
  readonly stopWords?: string | undefined;
  readonly matching: KeywordMatching;
  readonly oneText: boolean;
  readonly clean: boolean;
  /** Where to write the list: JSON by its extension, else one a line. */
  readonly out?: string | undefined;
}

export interface ReportedKeyword {
  readonly keyword: string;
  /** Captions that hold it, and their share. */
  readonly count: number;
  readonly share: number;
  /** Of the method; null for class names, which nothing ranks. */
  readonly score: number | null;
}

export interface KeywordReport {
  readonly version: 1;
  readonly method: ExtractionMethod | 'class-names';
  /** `oracle`: the names of the classes that evaluation asks for. */
  readonly vocabulary: 'extracted' | 'oracle';
  readonly matching: KeywordMatching;
  readonly sources: readonly string[];
  readonly captions: number;
  /** Captions that hold at least one keyword. */
  readonly covered: number;
  /** Keywords in a caption, on average. */
  readonly perCaption: number;
  readonly limits: {
    readonly nGram: number;
    readonly minCount: number;
    readonly maxShare: number;
    readonly minLength: number;
  } | null;
  readonly dropped: Readonly<Record<DropReason, number>> | null;
  /** Best first. */
  readonly keywords: readonly ReportedKeyword[];
}

/**
 * Makes a keyword list from captions, counts where each keyword stands, and writes the list when asked.
 * @throws UserError for anything about the captions, the domain or the limits
 */
export async function extractKeywordReport(options: KeywordExtractOptions): Promise<KeywordReport> {
  const domain = options.domain === undefined ? undefined : await loadDomain(options.domain);
  const captions = (await Promise.all(options.sources.map((source) => captionsOf(source, options)))).flat();
  const report =
    options.method === 'class-names'
      ? classNameReport(captions, domain, options)
      : await extractedReport(captions, domain, {
          ...options,
          method: options.method ?? domain?.keywordRule?.method ?? 'yake',
        });
  if (report.keywords.length === 0) throw nothingLeft(report);
  if (options.out !== undefined) await writeReport(report, options.out);
  return report;
}

async function captionsOf(
  source: string,
  {split, labelRatio, seed}: KeywordExtractOptions,
): Promise<string[]> {
  const stats = await stat(source).catch(() => undefined);
  const isText = /\.txt$/i.test(source) && stats?.isFile() === true;
  const all = isText ? await captionLines(source) : await captionsOfSet(source, split);
  if (labelRatio === undefined) return all.flat();
  return labelSplit(all.length, labelRatio, seed)
    .labelled.map((i) => all[i]!)
    .flat();
}

/** The captions of each image. */
async function captionsOfSet(source: string, asked: string | undefined): Promise<(readonly string[])[]> {
  const {path, split} = dataReference(source, asked);
  return (await openCaptioned(path, {split})).rows.map(({captions}) => captions);
}

async function captionLines(file: string): Promise<string[][]> {
  const lines = utf8Text(await readFile(file), file).split(/\r\n|\r|\n/);
  const captions = lines.filter((line) => line.trim() !== '');
  if (captions.length > 0) return captions.map((caption) => [caption]);
  throw new UserError(`${file}: expected one caption a line, got an empty file`, {exit: exitCodes.data});
}

async function extractedReport(
  captions: readonly string[],
  domain: Domain | undefined,
  options: KeywordExtractOptions & {readonly method: ExtractionMethod},
): Promise<KeywordReport> {
  const {method, matching} = options;
  const rule = domain?.keywordRule;
  const general =
    options.stopWords === undefined ? englishStopWords() : await readStopWords(options.stopWords);
  const stopWords = new Set([...general, ...(rule?.stopWords ?? [])]);
  const usual = usualLimits(captions.length);
  const limits = {
    nGram: options.nGram ?? rule?.nGram ?? (method === 'yake' ? 2 : 1),
    minCount: options.minCount ?? usual.minCount,
    maxShare: options.maxShare ?? usual.maxShare,
    minLength: options.minLength ?? usual.minLength,
  };
  const {keywords, dropped} = extractKeywords(captions, {...options, ...limits, stopWords});
  return {
    ...reported(captions, keywords, options),
    ...{version: 1, method, vocabulary: 'extracted', matching, sources: options.sources, limits, dropped},
  };
}

function classNameReport(
  captions: readonly string[],
  domain: Domain | undefined,
  options: KeywordExtractOptions,
): KeywordReport {
  if (domain === undefined) {
    throw new UserError('--method class-names: expected a domain that names the classes, got none', {
      tryThis: '--domain NAME',
    });
  }
  const names = classNamesOf(domain, options.classes ?? []);
  const keywords = names.map((keyword) => ({keyword, score: null}));
  return {
    ...reported(captions, keywords, options),
    ...{version: 1, method: 'class-names', vocabulary: 'oracle', matching: options.matching},
    ...{sources: options.sources, limits: null, dropped: null},
  };
}

/** Counts the captions of a list. */
function reported(
  captions: readonly string[],
  list: readonly {readonly keyword: string; readonly score: number | null}[],
  {matching}: KeywordExtractOptions,
): Pick<KeywordReport, 'captions' | 'covered' | 'perCaption' | 'keywords'> {
  const {covered, counts} = keywordCoverage(
    list.map(({keyword}) => keyword),
    captions,
    matching,
  );
  const total = counts.reduce((sum, count) => sum + count, 0);
  return {
    captions: captions.length,
    covered,
    perCaption: total / captions.length,
    keywords: list.map(({keyword, score}, i) => ({
      ...{keyword, count: counts[i]!},
      ...{share: counts[i]! / captions.length, score},
    })),
  };
}

function nothingLeft({captions, limits, dropped}: KeywordReport): UserError {
  const reasons = Object.entries(dropped ?? {}).filter(([, count]) => count > 0);
  const told = reasons.map(([reason, count]) => `${count} ${reason}`).join(', ') || 'no phrase at all';
  return new UserError(`keywords: expected some in ${captions} captions, got none (${told})`, {
    exit: exitCodes.data,
    ...(limits !== null && {tryThis: '--min-count 1 --max-share 1'}),
  });
}

async function writeReport(report: KeywordReport, out: string): Promise<void> {
  if (/\.json$/i.test(out)) return writeJsonAtomically(out, report);
  const keywords = report.keywords.map(({keyword}) => keyword);
  const remark = `${keywords.length} keywords, ${report.method} of ${report.sources.join(', ')}`;
  const list = {keywords, oracle: report.vocabulary === 'oracle'};
  return writeFileAtomically(out, keywordText(list, remark));
}
