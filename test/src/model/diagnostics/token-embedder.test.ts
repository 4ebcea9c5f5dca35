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
import {randomMatrix} from '../../../support/random-features.js';
import {tinyResNet, tinyVit} from '../../../support/tiny-clip.js';

const ids = [9, 3, 7, 10, 0];
const idArray: HostArray = {shape: [1, 5], data: Int32Array.from(ids)};

/** The numbers of a model by name. */
function numbers(config: typeof tinyVit | typeof tinyResNet): Record<string, ArrayLike<number>> {
  const entries = Object.entries(formulaModel(config).weights);
  return Object.fromEntries(entries.map(([name, {data}]) => [name, data]));
}

const images = formulaImages(2, 4);

/** The patches of both images behind the last norm, without the class token. */
function patchesOf(config: typeof tinyVit) {
  return [0, 1].map((i) =>
    reference.vitTokens(images.data.slice(i * 48, (i + 1) * 48), config, numbers(config)).slice(1),
  );
}

describe('createTokenEmbedder', () => {
  onEveryEngine(() => {
    it('puts the patches of a transformer through the projection of its class token', () => {
      const embedder = createTokenEmbedder(formulaModel(tinyVit));
      const {shape, data} = embedder.patches(images);
      expect(shape).toEqual([2, 4, 3]);
      const expected = patchesOf(tinyVit).map((rows) =>
        unitRows(rows.map((row) => projectRow(row, numbers(tinyVit)['visual.proj']!))),
      );
      expectClose(data, expected);
      embedder.dispose();
    });

    it('puts each pixel of a ResNet through value and output of the attention pool', () => {
      const config = {...tinyResNet, vision: {...tinyResNet.vision, imageSize: 64}};
      const model = formulaModel(config);
      const embedder = createTokenEmbedder(model);
      const image = formulaImages(1, 64);
      const {shape, data} = embedder.patches(image);
      expect(shape).toEqual([1, 4, 3]);
      const context = {weights: toTensors(model.weights), state: toTensors(model.state), training: false};
      const map = imageTokens(config, context, toTensor(image) as tf.Tensor4D).tokens.dataSync();
      const pool = (name: string) => model.weights[`visual.attnpool.${name}`]!.data;
      const dense = toRows(map, 64).map((pixel) =>
        linearRow(
          linearRow(pixel, pool('v_proj.weight'), pool('v_proj.bias')),
          pool('c_proj.weight'),
          pool('c_proj.bias'),
        ),
      );
      expectClose(data, unitRows(dense));
      embedder.dispose();
    });
  });

  describe('on cpu', () => {
    beforeAll(() => startEngine('cpu'));

    it('puts all tokens of a text through the projection of its end token, whose row is the feature of the text', () => {
      const embedder = createTokenEmbedder(formulaModel(tinyVit));
      const tokens = reference.textTokens(ids, tinyVit, numbers(tinyVit));
      const rows = unitRows(tokens.map((row) => projectRow(row, numbers(tinyVit)['text_projection']!)));
      const found = embedder.words(idArray);
      expectClose(found.data, rows);
      const whole = createEmbedder(formulaModel(tinyVit));
      const end = {shape: [1], data: Int32Array.of(3)};
      expectClose(found.data.slice(9, 12), whole.texts({ids: idArray, end}));
      whole.dispose();
      embedder.dispose();
    });

    it('takes the tokens of both towers through heads that a method has trained', () => {
      const head = (width: number, stream: number) => ({
        weight: {shape: [2, width], data: Float32Array.from(randomMatrix(2, width, stream).flat())},
        bias: {shape: [2], data: Float32Array.of(0.3, -0.2)},
      });
      const heads = {image: head(4, 91), text: head(6, 92)};
      const embedder = createTokenEmbedder(formulaModel(tinyVit), heads);
      const through = (rows: readonly (readonly number[])[], {weight, bias}: (typeof heads)['image']) =>
        unitRows(rows.map((row) => linearRow(row, weight.data, bias.data)));
      expectClose(
        embedder.patches(images).data,
        patchesOf(tinyVit).map((rows) => through(rows, heads.image)),
      );
      const tokens = reference.textTokens(ids, tinyVit, numbers(tinyVit));
      expectClose(embedder.words(idArray).data, through(tokens, heads.text));
      embedder.dispose();
    });

    it('gives back all tensors', () => {
      const before = tf.memory().numTensors;
      const embedder = createTokenEmbedder(formulaModel(tinyVit));
      embedder.patches(formulaImages(1, 4));
      embedder.words(idArray);
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
