import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {metricValue} from '../../../src/eval/bootstrap.js';
import {indexCaptions} from '../../../src/eval/caption-index.js';
import type {Rows} from '../../../src/eval/inner-products.js';
import {
  evaluateSquareRetrieval,
  evaluateRetrieval,
  type RetrievalDirection,
} from '../../../src/eval/retrieval.js';
import {referenceDiagonalRanks, referenceRanks, referenceRecall} from '../../reference/retrieval.js';

function rows(vectors: readonly (readonly number[])[]): Rows {
  return {values: Float64Array.from(vectors.flat()), count: vectors.length, dim: vectors[0]!.length};
}

/** Images are unit vectors, so the feature of a text is its column of scores. */
function fromScores(
  captions: readonly (readonly string[])[],
  similarity: (image: number, text: string) => number,
) {
  const index = indexCaptions(captions);
  const n = captions.length;
  const images = rows(
    Array.from({length: n}, (_, i) => Array.from({length: n}, (_, k) => (i === k ? 1 : 0))),
  );
  const texts = rows(index.texts.map((text) => Array.from({length: n}, (_, i) => similarity(i, text))));
  return {images, texts, captions: index};
}

function expectDirection(direction: RetrievalDirection, ranks: readonly number[]): void {
  for (const k of [1, 5, 10] as const) {
    expect(metricValue(direction.recall[k])).toBeCloseTo(referenceRecall(ranks, k), 12);
  }
  const sorted = [...ranks].sort((a, b) => a - b);
  const middle =
    (sorted[Math.floor((ranks.length - 1) / 2)]! + sorted[Math.ceil((ranks.length - 1) / 2)]!) / 2;
  expect(direction.queries).toBe(ranks.length);
  expect(direction.meanRank).toBeCloseTo(1 + ranks.reduce((a, b) => a + b) / ranks.length, 12);
  expect(direction.medianRank).toBe(1 + middle);
}

describe('evaluateRetrieval', () => {
  it('equals sorting every row, with repeated texts and ties everywhere', () => {
    const scores = fc.array(fc.array(fc.integer({min: 0, max: 4}), {minLength: 6, maxLength: 6}), {
      minLength: 14,
      maxLength: 14,
    });
    const captions = fc.array(
      fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), {minLength: 1, maxLength: 4}),
      {
        minLength: 1,
        maxLength: 14,
      },
    );
    fc.assert(
      fc.property(captions, scores, (texts, table) => {
        const similarity = (image: number, text: string) => table[image]!['abcdef'.indexOf(text)]! / 4;
        const measured = evaluateRetrieval(fromScores(texts, similarity));
        const expected = referenceRanks(texts, similarity);
        expectDirection(measured.imageToText, expected.imageToText);
        expectDirection(measured.textToImage, expected.textToImage);
      }),
      {numRuns: 200, seed: 7},
    );
  });

  it('counts the same sentence at another image as a hit, whatever its capitals and spaces', () => {
    const captions = [['Dense trees.', 'a wood'], ['dense  trees.']];
    const best = (image: number, text: string) => (image === 0 && text === 'Dense trees.' ? 0.9 : 0.1);
    const {imageToText, textToImage} = evaluateRetrieval(fromScores(captions, best));
    expect(Array.from(imageToText.recall[1].sums)).toEqual([1, 0]);
    // the second image's sentence finds image 0 first: right, since image 0 has it too
    expect(Array.from(textToImage.recall[1].sums)).toEqual([1, 1]);
  });

  it('gives nothing at rank 1 to a model that scores everything the same', () => {
    const captions = [['a'], ['b'], ['c']];
    const {imageToText, textToImage} = evaluateRetrieval(fromScores(captions, () => 0.5));
    expect(metricValue(imageToText.recall[1])).toBe(0);
    expect(metricValue(textToImage.recall[1])).toBe(0);
    expect(imageToText.meanRank).toBe(3);
  });

  it('scores each image by all its captions', () => {
    const captions = [['a', 'b', 'c'], ['d']];
    const score = (image: number, text: string) =>
      (image === 0) === (text === 'a' || text === 'b') ? 0.9 : 0.1;
    const {textToImage} = evaluateRetrieval(fromScores(captions, score));
    expect(Array.from(textToImage.recall[1].sums)).toEqual([2, 1]);
    expect(Array.from(textToImage.recall[1].counts)).toEqual([3, 1]);
    expect(metricValue(textToImage.recall[1])).toBe(0.75);
  });
});

describe('evaluateSquareRetrieval', () => {
  it('counts strictly larger scores beside the diagonal, identical texts included', () => {
    const table: Record<string, number[]> = {a: [0.5, 0.5, 0.1], d: [0.1, 0.6, 0.3]};
    const request = fromScores([['a'], ['a'], ['d']], (image, text) => table[text]![image]!);
    const {imageToText, textToImage} = evaluateSquareRetrieval(request);
    const square = [0, 1, 2].map((image) => ['a', 'a', 'd'].map((text) => table[text]![image]!));
    expectDirection(imageToText, referenceDiagonalRanks(square, false));
    expectDirection(textToImage, referenceDiagonalRanks(square, true));
    expect(Array.from(imageToText.recall[1].sums)).toEqual([1, 0, 1]);
  });
});
