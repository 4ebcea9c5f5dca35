import type {BenchmarkRecord, DirectionResult, EvaluationResult, Measured} from '../app/evaluate-model.js';
import {percent} from './format-number.js';

/** An evaluation as a page for people: percent with 95 % intervals. */
export function evaluationText(
  {record, result}: {readonly record: BenchmarkRecord; readonly result: EvaluationResult},
  {perClass}: {readonly perClass: boolean},
): string {
  const {zeroShot, classifier, late, retrieval, imageSearch, dataset, split, seconds} = result;
  const set = split === undefined ? dataset : `${dataset} (${split})`;
  const images = zeroShot?.images ?? retrieval?.images ?? imageSearch?.images ?? 0;
  return [
    `${record.pretrained} (${record.method}) on ${set}: ${images} images, ${seconds.toFixed(1)} s`,
    ...(zeroShot ? ['', ...zeroShotLines(zeroShot)] : []),
    ...(zeroShot && perClass ? ['', ...classLines(zeroShot)] : []),
    ...(classifier ? ['', ...classifierLines(classifier)] : []),
    ...(retrieval ? ['', ...retrievalLines(retrieval)] : []),
    ...(late ? ['', ...lateLines(late)] : []),
    ...(imageSearch ? ['', ...imageSearchLines(imageSearch)] : []),
    ...(record.baseline ? ['', ...baselineLines(record.baseline)] : []),
  ].join('\n');
}

function zeroShotLines(zeroShot: NonNullable<EvaluationResult['zeroShot']>): string[] {
  const {classes, classSet, templates} = zeroShot;
  return [
    `Zero-shot, ${counted(classes, 'class', 'es')} (${classSet}), ${counted(templates.length, 'template')}: percent [95 % interval]`,
    ...accuracyLines(zeroShot),
  ];
}

function lateLines({method, zeroShot, retrieval}: NonNullable<EvaluationResult['late']>): string[] {
  return [
    `By the tokens, through the heads of ${method}`,
    ...(zeroShot ? zeroShotLines(zeroShot) : []),
    ...(retrieval ? retrievalLines(retrieval) : []),
  ];
}

function classifierLines(classifier: NonNullable<EvaluationResult['classifier']>): string[] {
  const {classes, method} = classifier;
  return [
    `By the head of ${method}, ${counted(classes, 'class', 'es')}: percent [95 % interval]`,
    ...accuracyLines(classifier),
  ];
}

function accuracyLines({
  acc1,
  acc5,
  meanPerClassRecall,
}: Pick<NonNullable<EvaluationResult['zeroShot']>, 'acc1' | 'acc5' | 'meanPerClassRecall'>): string[] {
  const rows: [string, Measured][] = [
    ['top-1 accuracy', acc1],
    ...(acc5 ? [['top-5 accuracy', acc5] satisfies [string, Measured]] : []),
    ['mean per-class recall', meanPerClassRecall],
  ];
  return rows.map(([name, measured]) => `  ${name.padEnd(22)} ${cell(measured)}`);
}

/** The classes, the worst first. */
function classLines({perClass}: NonNullable<EvaluationResult['zeroShot']>): string[] {
  const sorted = [...perClass].sort((a, b) => a.recall - b.recall || b.n - a.n);
  const widest = Math.max(5, ...sorted.map(({name}) => name.length));
  return [
    `  ${'class'.padEnd(widest)}  images  right %  most often taken for`,
    ...sorted.map(({name, n, recall, takenFor}) => {
      const mistake = takenFor ? `${takenFor.name} (${takenFor.n})` : '';
      return `  ${name.padEnd(widest)}  ${String(n).padStart(6)}  ${percent(recall).padStart(7)}  ${mistake}`.trimEnd();
    }),
  ];
}

function retrievalLines(retrieval: NonNullable<EvaluationResult['retrieval']>): string[] {
  const {protocol, captions, distinctTexts, imageToText, textToImage} = retrieval;
  const protocolText =
    protocol === 's-clip'
      ? 'one drawn caption an image (s-clip protocol)'
      : `${counted(captions, 'caption')} (${distinctTexts} distinct)`;
  return [
    `Retrieval, ${protocolText}: percent [95 % interval]`,
    `  ${''.padEnd(13)} ${['R@1', 'R@5', 'R@10'].map((name) => name.padEnd(20)).join(' ')} median rank`,
    directionLine('image to text', imageToText),
    directionLine('text to image', textToImage),
  ];
}

function directionLine(name: string, {recall, medianRank}: DirectionResult): string {
  const cells = ([1, 5, 10] as const).map((k) => cell(recall[k]).padEnd(20));
  return `  ${name} ${cells.join(' ')} ${medianRank}`;
}

function imageSearchLines({
  queries,
  images,
  meanAveragePrecision,
}: NonNullable<EvaluationResult['imageSearch']>): string[] {
  return [
    `Image search, ${queries === 1 ? '1 query' : `${queries} queries`} in ${counted(images, 'image')}: percent [95 % interval]`,
    `  ${'mean average precision'.padEnd(22)} ${cell(meanAveragePrecision)}`,
  ];
}

/** What one model is better by, metric by metric; marked where the interval leaves out 0. */
function baselineLines(baseline: NonNullable<BenchmarkRecord['baseline']>): string[] {
  const {pretrained, method, difference, difference_ci95: intervals} = baseline;
  const widest = Math.max(...Object.keys(difference).map((name) => name.length));
  return [
    `Better than ${pretrained} (${method}) by, in percentage points [95 % interval, paired]`,
    ...Object.entries(difference).map(([name, value]) => {
      const [low, high] = intervals[name]!;
      const mark = low > 0 || high < 0 ? ' *' : '';
      return `  ${name.padEnd(widest)} ${signed(value).padStart(6)} [${signed(low)}, ${signed(high)}]${mark}`;
    }),
    '  * the interval leaves out 0',
  ];
}

function signed(fraction: number): string {
  const text = percent(fraction);
  return text.startsWith('-') ? text : `+${text}`;
}

function cell({value, ci95: [low, high]}: Measured): string {
  return `${percent(value).padStart(5)} [${percent(low)}, ${percent(high)}]`;
}

function counted(n: number, noun: string, plural = 's'): string {
  return `${n} ${noun}${n === 1 ? '' : plural}`;
}
