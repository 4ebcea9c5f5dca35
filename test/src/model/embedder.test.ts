import {describe, expect, it} from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import {createEmbedder} from '../../../src/model/embedder.js';
import {imageTower} from '../../../src/model/image-tower.js';
import {toTensor, toTensors} from '../../../src/engine/host-array.js';
import {onEveryEngine} from '../../support/engines.js';
import {formulaImages, formulaModel} from '../../support/formula-weights.js';
import {tinyResNet, tinyVit} from '../../support/tiny-clip.js';

const tokens = {
  ids: {shape: [2, 5], data: Int32Array.from([9, 3, 10, 0, 0, 9, 3, 3, 7, 10])},
  end: {shape: [2], data: Int32Array.from([2, 4])},
};

describe('createEmbedder', () => {
  onEveryEngine(() => {
    it.each([tinyVit, tinyResNet])(
      'gives the tower features as rows of unit length: $vision.kind',
      (config) => {
        const model = formulaModel(config);
        const images = formulaImages(3, config.vision.imageSize);
        const embedder = createEmbedder(model);
        const rows = embedder.images(images);
        expect(rows.length).toBe(3 * config.embedDim);
        const context = {weights: toTensors(model.weights), state: toTensors(model.state), training: false};
        const features = imageTower(config, context, toTensor(images) as tf.Tensor4D).features.arraySync();
        features.forEach((feature, i) =>
          feature.forEach((value, j) =>
            expect(rows[i * config.embedDim + j]).toBeCloseTo(value / Math.hypot(...feature), 5),
          ),
        );
        embedder.dispose();
      },
    );

    it('embeds texts, the same text alike in any batch', () => {
      const embedder = createEmbedder(formulaModel(tinyVit));
      const both = embedder.texts(tokens);
      const second = embedder.texts({
        ids: {shape: [1, 5], data: tokens.ids.data.slice(5)},
        end: {shape: [1], data: tokens.end.data.slice(1)},
      });
      expect(both.length).toBe(2 * tinyVit.embedDim);
      second.forEach((value, i) => expect(value).toBeCloseTo(both[tinyVit.embedDim + i]!, 5));
      embedder.dispose();
    });

    it('gives back all tensors', () => {
      const before = tf.memory().numTensors;
      const embedder = createEmbedder(formulaModel(tinyResNet));
      const held = tf.memory().numTensors;
      embedder.images(formulaImages(2, 32));
      embedder.texts(tokens);
      expect(tf.memory().numTensors).toBe(held);
      embedder.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});
