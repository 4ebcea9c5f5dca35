import {uniform} from '../../src/engine/random.js';
import type {HostArray, HostArrays} from '../../src/engine/step.js';
import {requestedDraws, requestedPhrases, requestedViews} from '../../src/methods/contract/own-inputs.js';
import {partsNeeds, type Part} from '../../src/methods/contract/parts.js';
import type {ClipConfig} from '../../src/model/clip-config.js';

const pairs = 4;
const keywords = 3;
const classes = 3;

/** Of the runs that these batches are of. */
export const clipBatchSizes = {captioned: 10, keywords};

/** [pairs, classes], 1 at the class of each pair; the first two are of one class. */
function classRows(): Float32Array {
  const rows = new Float32Array(pairs * classes);
  for (let pair = 0; pair < pairs; pair++) rows[pair * classes + Math.floor(pair / 2)] = 1;
  return rows;
}

function draws(shape: readonly number[], ...stream: readonly number[]): HostArray {
  const size = shape.reduce((product, length) => product * length, 1);
  return {shape, data: Float32Array.from({length: size}, (_, i) => uniform(21, ...stream, i) * 2 - 1)};
}

/** Rows of tokens: start, words, end, padding; the place of the end differs from row to row. */
function tokenRows(rows: number, text: ClipConfig['text'], ...stream: readonly number[]) {
  const t = text.contextLength;
  const ids = new Int32Array(rows * t).fill(text.padToken);
  const end = Int32Array.from({length: rows}, (_, row) => 2 + (row % (t - 2)));
  for (let row = 0; row < rows; row++) {
    ids[row * t] = text.startToken;
    for (let i = 1; i < end[row]!; i++) ids[row * t + i] = 1 + Math.floor(uniform(22, ...stream, row, i) * 8);
    ids[row * t + end[row]!] = text.endToken;
  }
  return {ids: {shape: [rows, t], data: ids}, end: {shape: [rows], data: end}};
}

/** A batch of a step with what methods need, drawn from the step's number. */
export function clipBatch(config: ClipConfig, parts: readonly Part[], step: number): HostArrays {
  const needs = partsNeeds(parts);
  const size = config.vision.imageSize;
  const captions = tokenRows(pairs, config.text, 1, step);
  const words = tokenRows(keywords, config.text, 2);
  const names = tokenRows(classes, {...config.text, contextLength: 3}, 4);
  const prompts = tokenRows(pairs, config.text, 5, step);
  const rewritten = tokenRows(pairs, config.text, 8, step);
  const sizes = {paired: pairs, unpaired: needs.unpaired ? pairs - 1 : 0};
  const views = requestedViews(parts)
    .filter(({of}) => sizes[of] > 0)
    .map(({entry, of}, i) => [entry, draws([sizes[of], size, size, 3], 6, i, step)] as const);
  const numbers = Object.entries(requestedDraws(parts, config, sizes)).map(([entry, shape], i) => {
    const {data} = draws(shape, 7, i, step);
    return [entry, {shape, data: data.map((value) => (value + 1) / 2)}] as const;
  });
  const labels = Float32Array.from({length: pairs * keywords}, (_, i) => Number(i % keywords === i % 2));
  return {
    'paired.images': draws([pairs, size, size, 3], 0, step),
    'paired.ids': captions.ids,
    'paired.end': captions.end,
    ...(needs.unpaired && {'unpaired.images': draws([pairs - 1, size, size, 3], 3, step)}),
    ...(needs.keywords && {
      'keywords.ids': words.ids,
      'keywords.end': words.end,
      'keywords.labels': {shape: [pairs, keywords], data: labels},
      ...Object.fromEntries(
        Object.keys(requestedPhrases(parts)).flatMap((part, i) => {
          const {ids, end} = tokenRows(keywords, config.text, 9, i);
          return [
            [`${part}.ids`, ids],
            [`${part}.end`, end],
          ];
        }),
      ),
    }),
    // the same images in every step, the first two with one caption
    ...(needs.origins && {
      'origins.images': {shape: [pairs], data: Int32Array.from({length: pairs}, (_, i) => i)},
      'origins.captions': {
        shape: [pairs],
        data: Int32Array.from({length: pairs}, (_, i) => Math.max(0, i - 1)),
      },
    }),
    ...(needs.rewritten && {'rewritten.ids': rewritten.ids, 'rewritten.end': rewritten.end}),
    ...(needs.classes && {
      'classes.ids': names.ids,
      'classes.end': names.end,
      'classes.labels': {shape: [pairs, classes], data: classRows()},
      'classes.prompt-ids': prompts.ids,
      'classes.prompt-end': prompts.end,
    }),
    ...Object.fromEntries([...views, ...numbers]),
  };
}
