import {beforeAll, describe, expect, it} from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import {startEngine} from '../../../../src/engine/backend.js';
import type {HostArray} from '../../../../src/engine/step.js';
import {toTensor, toTensors} from '../../../../src/engine/host-array.js';
import {createTokenEmbedder, placesOf} from '../../../../src/model/diagnostics/token-embedder.js';
import {createEmbedder} from '../../../../src/model/embedder.js';
import {imageTokens} from '../../../../src/model/image-tower.js';
import * as reference from '../../../reference/clip-towers.js';
import {unitRows} from '../../../reference/matrix.js';
import {linearRow, projectRow, toRows} from '../../../reference/transformer.js';
import {onEveryEngine} from '../../../support/engines.js';
import {expectClose} from '../../../support/expect-close.js';
import {formulaImages, formulaModel} from '../../../support/formula-weights.js';
import {tinyResNet, tinyVit} from '../../../support/tiny-clip.js';

const ids = [9, 3, 7, 10, 0];
const idArray: HostArray = {shape: [1, 5], data: Int32Array.from(ids)};

/** The numbers of a model by name. */
function numbers(config: typeof tinyVit | typeof tinyResNet): Record<string, ArrayLike<number>> {
  const entries = Object.entries(formulaModel(config).weights);
  return Object.fromEntries(entries.map(([name, {data}]) => [name, data]));
}

describe('createTokenEmbedder', () => {
  onEveryEngine(() => {
    it('puts all tokens of a transformer through the projection of its class token', () => {
      const embedder = createTokenEmbedder(formulaModel(tinyVit));
      const images = formulaImages(2, 4);
      const {shape, data} = embedder.images(images);
      expect(shape).toEqual([2, 5, 3]);
      const expected = [0, 1].map((i) => {
        const tokens = reference.vitTokens(
          images.data.slice(i * 48, (i + 1) * 48),
          tinyVit,
          numbers(tinyVit),
        );
        return unitRows(tokens.map((row) => projectRow(row, numbers(tinyVit)['visual.proj']!)));
      });
      expectClose(data, expected);
      embedder.dispose();
    });

    it('puts each pixel of a ResNet through value and output of the attention pool', () => {
      const config = {...tinyResNet, vision: {...tinyResNet.vision, imageSize: 64}};
      const model = formulaModel(config);
      const embedder = createTokenEmbedder(model);
      const images = formulaImages(1, 64);
      const {shape, data} = embedder.images(images);
      expect(shape).toEqual([1, 5, 3]);
      const context = {weights: toTensors(model.weights), state: toTensors(model.state), training: false};
      const map = imageTokens(config, context, toTensor(images) as tf.Tensor4D).tokens.dataSync();
      const pool = (name: string) => model.weights[`visual.attnpool.${name}`]!.data;
      const dense = toRows(map, 64).map((pixel) =>
        linearRow(
          linearRow(pixel, pool('v_proj.weight'), pool('v_proj.bias')),
          pool('c_proj.weight'),
          pool('c_proj.bias'),
        ),
      );
      expectClose(data.slice(3), unitRows(dense));
      embedder.dispose();
    });
  });

  describe('on cpu', () => {
    beforeAll(() => startEngine('cpu'));

    it.each([tinyVit, tinyResNet])(
      "begins with the image's own feature and ends with the text's: $vision.kind",
      (config) => {
        const model = formulaModel(config);
        const [tokens, whole] = [createTokenEmbedder(model), createEmbedder(model)];
        const images = formulaImages(1, config.vision.imageSize);
        expectClose(tokens.images(images).data.slice(0, 3), whole.images(images));
        const end = {shape: [1], data: Int32Array.of(3)};
        expectClose(tokens.texts(idArray).data.slice(9, 12), whole.texts({ids: idArray, end}));
        tokens.dispose();
        whole.dispose();
      },
    );

    it('puts all tokens of a text through the projection of its end token', () => {
      const embedder = createTokenEmbedder(formulaModel(tinyVit));
      const tokens = reference.textTokens(ids, tinyVit, numbers(tinyVit));
      const rows = unitRows(tokens.map((row) => projectRow(row, numbers(tinyVit)['text_projection']!)));
      expectClose(embedder.texts(idArray).data, rows);
      embedder.dispose();
    });

    it('gives back all tensors', () => {
      const before = tf.memory().numTensors;
      const embedder = createTokenEmbedder(formulaModel(tinyVit));
      embedder.images(formulaImages(1, 4));
      embedder.texts(idArray);
      embedder.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});

describe('placesOf', () => {
  it('counts patches of a transformer and pixels of the last map of a ResNet', () => {
    expect(placesOf(tinyVit)).toEqual({rows: 2, columns: 2});
    expect(placesOf({...tinyResNet, vision: {...tinyResNet.vision, imageSize: 224}})).toEqual({
      rows: 7,
      columns: 7,
    });
  });
});
