import {uniform} from '../../src/engine/random.js';
import type {HostArray, HostArrays} from '../../src/engine/step.js';
import type {Needs} from '../../src/methods/contract/needs.js';
import type {ClipConfig} from '../../src/model/clip-config.js';

const pairs = 4;
const keywords = 3;

function draws(shape: readonly number[], ...stream: readonly number[]): HostArray {
  const size = shape.reduce((product, length) => product * length, 1);
  return {shape, data: Float32Array.from({length: size}, (_, i) => uniform(21, ...stream, i) * 2 - 1)};
}

/** Rows of tokens: start, words, end, padding; the place of the end differs from row to row. */
function tokenRows(rows: number, {text}: ClipConfig, ...stream: readonly number[]) {
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

/** A batch of a step with what a method needs, drawn from the step's number. */
export function clipBatch(config: ClipConfig, needs: Needs, step: number): HostArrays {
  const size = config.vision.imageSize;
  const captions = tokenRows(pairs, config, 1, step);
  const words = tokenRows(keywords, config, 2);
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
    }),
  };
}
