import {describe, expect, it} from 'vitest';
import {finishedModel} from '../../../src/app/training/trained-model.js';
import {partOf} from '../../../src/methods/contract/parts.js';
import wiseFt from '../../../src/methods/wise-ft.js';
import {randomModel} from '../../../src/model/random-model.js';
import {tinyResNet, tinyVit} from '../../support/tiny-clip.js';

describe.each([
  ['vit', tinyVit],
  ['resnet', tinyResNet],
] as const)('the finished %s', (_, config) => {
  const before = randomModel(config, 1);
  const trained = randomModel(config, 2);
  const start = {...before.weights, ...before.state};
  const finished = (alpha: number) => finishedModel(trained, partOf(wiseFt, {alpha}), start);

  it('is the model before at alpha 0 and the trained one at 1, to the bit', () => {
    expect(finished(0)).toEqual({...trained, weights: before.weights, state: before.state});
    expect(finished(1)).toEqual(trained);
  });

  it('lies between, weight by weight', () => {
    for (const [name, {data}] of Object.entries(finished(0.25).weights)) {
      const [from, to] = [before, trained].map(({weights}) => weights[name]!.data) as [
        Float32Array,
        Float32Array,
      ];
      data.forEach((value, i) => expect(value).toBe(Math.fround(0.75 * from[i]! + 0.25 * to[i]!)));
    }
  });
});
