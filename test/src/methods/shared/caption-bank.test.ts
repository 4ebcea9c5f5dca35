import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../../src/engine/backend.js';
import {toTensors} from '../../../../src/engine/host-array.js';
import type {Tensors} from '../../../../src/engine/step.js';
import {nearestNeighbours} from '../../../../src/losses/nearest-neighbour.js';
import {bankFor, emptyBank, nextBank} from '../../../../src/methods/shared/caption-bank.js';
import {inScope, tensor} from '../../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const origins = (images: number[], captions: number[]) => ({
  images: tf.tensor1d(images, 'int32'),
  captions: tf.tensor1d(captions, 'int32'),
});
const after = (state: Tensors, rows: number[][], images: number[], captions: number[]): Tensors =>
  Object.fromEntries(
    Object.entries(nextBank(() => tensor(rows), origins(images, captions), state)).map(([name, value]) => [
      name,
      value(),
    ]),
  );
const arraysOf = (state: Tensors) =>
  Object.fromEntries(Object.entries(state).map(([name, value]) => [name, value.arraySync()]));

describe('the bank of captions', () => {
  it('keeps the newest, and the oldest leave first', () => {
    inScope(() => {
      const first = after(toTensors(emptyBank(3, 2)), [[1, 0], [0, 1]], [4, 5], [7, 8]); // prettier-ignore
      expect(arraysOf(first)).toEqual({
        'bank.rows': [[1, 0], [0, 1], [0, 0]], // prettier-ignore
        'bank.images': [4, 5, -1],
        'bank.captions': [7, 8, -1],
      });
      const second = after(first, [[0.6, 0.8], [0.8, 0.6]], [6, 7], [9, 7]); // prettier-ignore
      expect(arraysOf(second)['bank.images']).toEqual([6, 7, 4]);
      expect(arraysOf(second)['bank.captions']).toEqual([9, 7, 7]);
      const large = after(second, [[1, 0], [1, 0], [1, 0], [1, 0]], [1, 2, 3, 4], [1, 2, 3, 4]); // prettier-ignore
      expect(arraysOf(large)['bank.images']).toEqual([1, 2, 3]);
    });
  });

  it('leaves out empty places, captions of the same image, and the same caption of another', () => {
    inScope(() => {
      const state = after(toTensors(emptyBank(4, 1)), [[1], [1], [1]], [4, 5, 6], [7, 8, 7]);
      const {excluded} = bankFor(origins([4, 6, 9], [8, 9, 7]), state);
      expect(excluded.arraySync()).toEqual([
        [1, 1, 0, 1], // its image in front, its caption behind
        [0, 0, 1, 1],
        [1, 0, 1, 1],
      ]);
    });
  });

  it('a neighbour is never of the same image or caption, however near', () => {
    inScope(() => {
      const rows = Array.from({length: 12}, (_, i) => [Math.cos(i / 2), Math.sin(i / 2)]);
      const numbers = rows.map((_, i) => i);
      const captions = rows.map((_, i) => Math.floor(i / 2));
      const state = after(toTensors(emptyBank(12, 2)), rows, numbers, captions);
      const found = nearestNeighbours(tensor(rows), bankFor(origins(numbers, captions), state)).arraySync();
      found.forEach((row, i) => {
        const at = rows.findIndex((held) => Math.hypot(held[0]! - row[0]!, held[1]! - row[1]!) < 1e-6);
        expect(captions[at]).not.toBe(captions[i]);
      });
    });
  });

  it('an empty bank leaves every caption itself', () => {
    inScope(() => {
      const queries = tensor([[0.6, 0.8], [1, 0]]); // prettier-ignore
      const bank = bankFor(origins([0, 1], [0, 1]), toTensors(emptyBank(5, 2)));
      expect(nearestNeighbours(queries, bank).arraySync()).toEqual(queries.arraySync());
    });
  });
});
