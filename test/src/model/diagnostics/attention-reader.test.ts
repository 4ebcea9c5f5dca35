import {describe, expect, it} from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import {attentionBytes, createAttentionReader} from '../../../../src/model/diagnostics/attention-reader.js';
import {vitAttention} from '../../../reference/vit-attention.js';
import {onEveryEngine} from '../../../support/engines.js';
import {expectClose} from '../../../support/expect-close.js';
import {formulaImages, formulaModel} from '../../../support/formula-weights.js';
import {tinyVit} from '../../../support/tiny-clip.js';

const model = formulaModel(tinyVit);
const images = formulaImages(2, 4);

describe('createAttentionReader', () => {
  onEveryEngine(() => {
    it('gives the maps of plain loops: image by image, layer by layer, head by head', () => {
      const reader = createAttentionReader(model, tinyVit.vision);
      const read = reader.read(images);
      const numbers = Object.fromEntries(Object.entries(model.weights).map(([name, {data}]) => [name, data]));
      expect(read).toHaveLength(2);
      read.forEach((layers, i) => {
        const expected = vitAttention(images.data.slice(i * 48, (i + 1) * 48), tinyVit, numbers);
        expect(layers).toHaveLength(2);
        layers.forEach(({heads, tokens, weights}, layer) => {
          expect({heads, tokens}).toEqual({heads: 2, tokens: 5});
          expectClose(weights, expected[layer]!);
        });
      });
      reader.dispose();
    });

    it('gives back all tensors', () => {
      const before = tf.memory().numTensors;
      const reader = createAttentionReader(model, tinyVit.vision);
      reader.read(images);
      reader.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});

describe('attentionBytes', () => {
  it('is what the maps of one image take', () => {
    expect(attentionBytes(tinyVit.vision)).toBe(2 * 2 * 5 * 5 * 4);
    const base = {...tinyVit.vision, imageSize: 224, patchSize: 32, layers: 12, heads: 12};
    expect(attentionBytes(base)).toBe(12 * 12 * 50 * 50 * 4);
  });
});
