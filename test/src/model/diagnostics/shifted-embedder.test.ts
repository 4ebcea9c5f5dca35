import {describe, expect, it} from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import {startEngine} from '../../../../src/engine/backend.js';
import {landscapeDirection} from '../../../../src/model/diagnostics/landscape-direction.js';
import {pairLoss} from '../../../../src/model/diagnostics/pair-loss.js';
import {createShiftedEmbedder} from '../../../../src/model/diagnostics/shifted-embedder.js';
import {createEmbedder} from '../../../../src/model/embedder.js';
import {contrastiveLoss} from '../../../reference/contrastive.js';
import {unitRows} from '../../../reference/matrix.js';
import {expectClose} from '../../../support/expect-close.js';
import {formulaImages, formulaModel} from '../../../support/formula-weights.js';
import {randomMatrix} from '../../../support/random-features.js';
import {tinyResNet, tinyVit} from '../../../support/tiny-clip.js';

const texts = {
  ids: {shape: [2, 5], data: Int32Array.from([9, 3, 10, 0, 0, 9, 3, 3, 7, 10])},
  end: {shape: [2], data: Int32Array.from([2, 4])},
};

describe('createShiftedEmbedder', () => {
  it.each([
    ['tensorflow', tinyVit],
    ['wasm', tinyVit],
    ['tensorflow', tinyResNet],
  ] as const)('embeds as a model with moved weights does, on %s: $1.vision.kind', async (engine, config) => {
    await startEngine(engine);
    const model = formulaModel(config);
    const images = formulaImages(2, config.vision.imageSize);
    const [delta, eta] = [landscapeDirection(model.weights, 0, 0), landscapeDirection(model.weights, 0, 1)];
    const shifted = createShiftedEmbedder(model, [delta, eta], {images, texts});
    const moved = Object.entries(model.weights).map(([name, {shape, data}]) => [
      name,
      {
        shape,
        data: Float32Array.from(data, (value, k) =>
          delta[name] ? value + 0.3 * delta[name].data[k]! - 0.1 * eta[name]!.data[k]! : value,
        ),
      },
    ]);
    for (const [place, weights] of [
      [[0, 0], model.weights],
      [[0.3, -0.1], Object.fromEntries(moved)],
    ] as const) {
      const plain = createEmbedder({...model, weights});
      const found = shifted.embed(place[0], place[1]);
      expectClose(found.images, plain.images(images));
      expectClose(found.texts, plain.texts(texts));
      plain.dispose();
    }
    shifted.dispose();
  });

  it('gives back all tensors', async () => {
    await startEngine('wasm');
    const before = tf.memory().numTensors;
    const model = formulaModel(tinyVit);
    const directions = [
      landscapeDirection(model.weights, 0, 0),
      landscapeDirection(model.weights, 0, 1),
    ] as const;
    const embedder = createShiftedEmbedder(model, directions, {images: formulaImages(2, 4), texts});
    const held = tf.memory().numTensors;
    embedder.embed(0.1, 0.2);
    expect(tf.memory().numTensors).toBe(held);
    embedder.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('pairLoss', () => {
  it.each([1, 14.3, 100])('is the contrastive loss at scale %d', (scale) => {
    const [images, captions] = [unitRows(randomMatrix(5, 4, 611)), unitRows(randomMatrix(5, 4, 612))];
    const arrays = [images, captions].map((rows) => Float32Array.from(rows.flat())) as [
      Float32Array,
      Float32Array,
    ];
    const expected = contrastiveLoss(images, captions, scale);
    expectClose(pairLoss(...arrays, {dim: 4, scale}), expected);
  });
});
