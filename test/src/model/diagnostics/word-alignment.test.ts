import {describe, expect, it} from 'vitest';
import {wordAlignment} from '../../../../src/model/diagnostics/word-alignment.js';
import {lateInteraction} from '../../../reference/late-interaction.js';
import {dotProducts, firstArgMax, transposed, unitRows, type Matrix} from '../../../reference/matrix.js';
import {expectClose} from '../../../support/expect-close.js';
import {randomMatrix} from '../../../support/random-features.js';

function align(patches: Matrix, words: Matrix) {
  return wordAlignment({
    patches: Float32Array.from(patches.flat()),
    words: Float32Array.from(words.flat()),
    dim: patches[0]!.length,
  });
}

describe('wordAlignment', () => {
  const patches = unitRows(randomMatrix(9, 6, 501));
  const words = unitRows(randomMatrix(4, 6, 502));

  it('agrees with late interaction from every pair of tokens by itself', () => {
    const expected = lateInteraction({rows: patches, count: 9}, {rows: words, count: 4}, [[1, 1, 1, 1]]);
    const {imageToText, textToImage} = align(patches, words);
    expectClose([imageToText, textToImage], [expected.imageToText[0]![0]!, expected.textToImage[0]![0]!]);
  });

  it('names the nearest word of each patch and the nearest patch of each word', () => {
    const cosines = dotProducts(words, patches);
    const aligned = align(patches, words);
    expectClose(aligned.cosines, cosines);
    expect(Array.from(aligned.nearestPatch)).toEqual(cosines.map(firstArgMax));
    expect(Array.from(aligned.nearestWord)).toEqual(transposed(cosines).map(firstArgMax));
  });

  it('finds planted places: every word at its own patch, all else elsewhere', () => {
    const axes = (count: number): Matrix =>
      Array.from({length: count}, (_, i) => Array.from({length: 6}, (__, j) => (i === j ? 1 : 0)));
    const {nearestPatch, nearestWord, textToImage} = align([axes(6)[5]!, ...axes(3)], axes(3));
    expect(Array.from(nearestPatch)).toEqual([1, 2, 3]);
    expect(Array.from(nearestWord).slice(1)).toEqual([0, 1, 2]);
    expect(textToImage).toBe(1);
  });

  it('takes the first of several that are equally near', () => {
    const same = [[1, 0]];
    const {nearestPatch, nearestWord} = align([...same, ...same], [...same, ...same, ...same]);
    expect(Array.from(nearestPatch)).toEqual([0, 0, 0]);
    expect(Array.from(nearestWord)).toEqual([0, 0]);
  });
});
