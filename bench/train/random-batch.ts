import {uniform} from '../../src/engine/random.js';
import type {HostArray, HostArrays} from '../../src/engine/step.js';
import type {ClipConfig, TextConfig} from '../../src/model/clip-config.js';
import type {TokenArrays} from '../../src/model/tokenizer.js';
import {captionLength, keywordsPerCaption} from './caption-lengths.js';

/** Random streams, so that no two parts share draws. */
const streams = {images: 0, unpaired: 1, captions: 2, keywords: 3, labels: 4} as const;

/** Pairs of random images and random captions as long as UCM's. */
export function pairedBatch(config: ClipConfig, n: number, seed: number): HostArrays {
  const lengths = Array.from({length: n}, (_, i) => captionLength(uniform(seed, streams.captions, i)));
  const {ids, end} = randomTexts(config.text, lengths, [seed, streams.captions]);
  return {
    'paired.images': randomImages(config, n, [seed, streams.images]),
    'paired.ids': ids,
    'paired.end': end,
  };
}

/** What S-CLIP reads beside the pairs and the keywords' tokens, which all batches share. */
export function unpairedBatch(
  config: ClipConfig,
  {pairs, unpaired, keywords}: {readonly pairs: number; readonly unpaired: number; readonly keywords: number},
  seed: number,
): HostArrays {
  const share = keywordsPerCaption / keywords;
  const labels = Float32Array.from({length: pairs * keywords}, (_, i) =>
    uniform(seed, streams.labels, i) < share ? 1 : 0,
  );
  return {
    'unpaired.images': randomImages(config, unpaired, [seed, streams.unpaired]),
    'keywords.labels': {shape: [pairs, keywords], data: labels},
  };
}

/** Random tokens in the place of keywords: one for each word. */
export function keywordTokens(config: ClipConfig, keywords: readonly string[], seed: number): HostArrays {
  const lengths = keywords.map((keyword) => keyword.split(' ').length + 2);
  const {ids, end} = randomTexts(config.text, lengths, [seed, streams.keywords]);
  return {'keywords.ids': ids, 'keywords.end': end};
}

/** [n, s, s, 3], uniform with the spread of normalised pixels (mean 0, deviation 1). */
function randomImages({preprocess}: ClipConfig, n: number, [seed, stream]: [number, number]): HostArray {
  const shape = [n, preprocess.size, preprocess.size, 3];
  const bound = Math.sqrt(3);
  const data = new Float32Array(shape.reduce((product, length) => product * length, 1));
  for (let i = 0; i < data.length; i++) data[i] = bound * (2 * uniform(seed, stream, i) - 1);
  return {shape, data};
}

/** Start token, random words, end token, padding: rows of the full context. */
function randomTexts(
  {contextLength, startToken, endToken, padToken}: TextConfig,
  lengths: readonly number[],
  [seed, stream]: [number, number],
): TokenArrays {
  const n = lengths.length;
  const data = new Int32Array(n * contextLength).fill(padToken);
  // ordinary words lie below the special tokens of every vocabulary of the bench
  const word = (row: number, place: number) =>
    1 + Math.floor(uniform(seed, stream, row, place) * (startToken - 1));
  lengths.forEach((length, row) => {
    const words = Array.from({length: length - 2}, (_, place) => word(row, place));
    data.set([startToken, ...words, endToken], row * contextLength);
  });
  return {
    ids: {shape: [n, contextLength], data},
    end: {shape: [n], data: Int32Array.from(lengths, (length) => length - 1)},
  };
}
