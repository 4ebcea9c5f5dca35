import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {toTensors} from '../../../src/engine/host-array.js';
import type {HostArrays} from '../../../src/engine/step.js';
import {architecture} from '../../../src/model/architectures.js';
import {sizeOf} from '../../../src/model/parameter-shapes.js';
import {drawWeight} from '../../../src/model/random-model.js';
import {relativeVitConfig, relativeVitTokens, relativeVitWeights} from '../../../src/model/relative-vit.js';
import {activate, layerNormRow, linearRow, softmax, toRows} from '../../reference/transformer.js';
import {expectClose} from '../../support/expect-close.js';
import {randomMatrix} from '../../support/random-features.js';
import {inScope} from '../../support/tape.js';
import {tinyResNet, tinyVit} from '../../support/tiny-clip.js';

beforeAll(async () => {
  await startEngine('auto');
});

const config = relativeVitConfig(tinyVit);
const {width, heads, layers, patchSize, imageSize} = config;

/** Weights with nothing at 0 or 1, so that every one counts. */
const arrays: HostArrays = Object.fromEntries(
  Object.entries(relativeVitWeights(config)).map(([name, {shape}], i) => [
    name,
    drawWeight({kind: 'normal', deviation: 0.5}, shape, [5, i]),
  ]),
);
const pixels = randomMatrix(imageSize * imageSize, 3, 31);

function tokensOf(given: HostArrays): number[][] {
  return inScope(() => {
    const images = tf.tensor4d(pixels.flat(), [1, imageSize, imageSize, 3]);
    return relativeVitTokens(images, config, toTensors(given)).arraySync()[0]!;
  });
}

/** The same in loops, one token at a time. */
function oracle(): number[][] {
  const at = (name: string) => arrays[name]!.data;
  const rowOf = (name: string, row: number) => toRows(at(name), width)[row]!;
  const grid = imageSize / patchSize;
  const places = Array.from({length: grid * grid}, (_, p) => [Math.floor(p / grid), p % grid] as const);
  const embedded = places.map(([y, x]) =>
    Array.from({length: width}, (_, o) => {
      let sum = at('conv1.bias')[o]!;
      for (let dy = 0; dy < patchSize; dy++) {
        for (let dx = 0; dx < patchSize; dx++) {
          const pixel = pixels[(y * patchSize + dy) * imageSize + x * patchSize + dx]!;
          pixel.forEach(
            (value, c) => (sum += value * rowOf('conv1.weight', (dy * patchSize + dx) * 3 + c)[o]!),
          );
        }
      }
      return sum;
    }),
  );
  const side = 2 * grid - 1;
  const entry = (query: number, key: number): number => {
    if (query === 0) return side * side + (key === 0 ? 2 : 0);
    if (key === 0) return side * side + 1;
    const [[qy, qx], [ky, kx]] = [places[query - 1]!, places[key - 1]!];
    return (qy - ky + grid - 1) * side + (qx - kx + grid - 1);
  };
  const table = toRows(at('relative_position_bias'), heads);
  let tokens: number[][] = [[...at('class_embedding')], ...embedded];
  const size = width / heads;
  for (let i = 0; i < layers; i++) {
    const own = (name: string) => at(`resblocks.${i}.${name}`);
    const normed = tokens.map((row) => layerNormRow(row, own('ln_1.weight'), own('ln_1.bias'), 1e-6));
    const bias = [
      ...own('attn.query_bias'),
      ...Array.from({length: width}, () => 0),
      ...own('attn.value_bias'),
    ];
    const qkv = normed.map((row) => linearRow(row, own('attn.in_proj_weight'), bias));
    const part = (row: number, kind: number, h: number) =>
      qkv[row]!.slice(kind * width + h * size, kind * width + (h + 1) * size);
    const attended = tokens.map((_, q) =>
      Array.from({length: heads}, (_head, h) => {
        const logits = tokens.map(
          (_row, k) =>
            part(q, 0, h).reduce((sum, value, j) => sum + value * part(k, 1, h)[j]!, 0) / Math.sqrt(size) +
            table[entry(q, k)]![h]!,
        );
        const shares = softmax(logits);
        return Array.from({length: size}, (_value, j) =>
          shares.reduce((sum, share, k) => sum + share * part(k, 2, h)[j]!, 0),
        );
      }).flat(),
    );
    tokens = tokens.map((row, r) => {
      const out = linearRow(attended[r]!, own('attn.out_proj.weight'), own('attn.out_proj.bias'));
      return row.map((value, j) => value + own('ls_1.gamma')[j]! * out[j]!);
    });
    tokens = tokens.map((row) => {
      const normal = layerNormRow(row, own('ln_2.weight'), own('ln_2.bias'), 1e-6);
      const hidden = linearRow(normal, own('mlp.c_fc.weight'), own('mlp.c_fc.bias')).map((value) =>
        activate(value, 'gelu'),
      );
      const out = linearRow(hidden, own('mlp.c_proj.weight'), own('mlp.c_proj.bias'));
      return row.map((value, j) => value + own('ls_2.gamma')[j]! * out[j]!);
    });
  }
  return tokens.map((row) => layerNormRow(row, at('ln_post.weight'), at('ln_post.bias'), 1e-6));
}

it('its tokens agree with loops', () => {
  expectClose(tokensOf(arrays), oracle(), {relative: 1e-3, absolute: 1e-4});
});

it('one entry of the shared table changes what every block does', () => {
  const block = (given: HostArrays, count: number): number[][] =>
    inScope(() => {
      const images = tf.tensor4d(pixels.flat(), [1, imageSize, imageSize, 3]);
      return relativeVitTokens(images, {...config, layers: count}, toTensors(given)).arraySync()[0]!;
    });
  const table = arrays['relative_position_bias']!;
  const data = Float32Array.from(table.data, (value, i) => (i === 0 ? value + 2 : value));
  const raised = {...arrays, relative_position_bias: {...table, data}};
  // with the attention of all other blocks taken away, that of block i still moves
  for (let i = 0; i < layers; i++) {
    const silent = (given: HostArrays): HostArrays =>
      Object.fromEntries(
        Object.entries(given).map(([name, array]) => [
          name,
          name.endsWith('ls_1.gamma') && !name.startsWith(`resblocks.${i}.`)
            ? {...array, data: new Float32Array(array.data.length)}
            : array,
        ]),
      );
    expect(block(silent(raised), layers)).not.toEqual(block(silent(arrays), layers));
  }
});

it('of ViT-B/32 it has the published table, LayerScale and no absolute positions', () => {
  const weights = relativeVitWeights(relativeVitConfig(architecture('ViT-B-32')));
  expect(weights['relative_position_bias']!.shape).toEqual([172, 12]);
  const all = Object.values(weights).reduce((sum, {shape}) => sum + sizeOf(shape), 0);
  expect(all).toBe(87_428_112);
  expect(Object.keys(weights).filter((name) => /position/.test(name))).toEqual(['relative_position_bias']);
  expect(weights['resblocks.0.ls_1.gamma']!.initial).toEqual({kind: 'constant', value: 0.1});
});

it('beside a ResNet it has a token for each pixel of the last map', () => {
  const {imageSize: pixelsAcross, patchSize: patch} = relativeVitConfig(tinyResNet);
  expect(pixelsAcross / patch).toBe(tinyResNet.vision.imageSize / 32);
});
