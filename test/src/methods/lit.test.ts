import {beforeAll, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {partOf} from '../../../src/methods/contract/parts.js';
import lit from '../../../src/methods/lit.js';
import {randomModel} from '../../../src/model/random-model.js';
import {trainOnRandom} from '../../support/method-training.js';
import {tinyVit} from '../../support/tiny-clip.js';

beforeAll(async () => {
  await startEngine('auto');
});

it.each(['image', 'text'] as const)('the locked %s tower keeps its bits, the other moves', (locked) => {
  const {weights} = randomModel(tinyVit, 3);
  const {held} = trainOnRandom([partOf(lit, {locked})], tinyVit, {steps: 2, mode: {capture: false}});
  const moved = Object.keys(weights).filter((name) =>
    held[`weights/${name}`]!.data.some((value, i) => value !== weights[name]!.data[i]),
  );
  const isImage = (name: string) => name.startsWith('visual.');
  const isLocked = (name: string) => name !== 'logit_scale' && isImage(name) === (locked === 'image');
  expect(moved.filter(isLocked)).toEqual([]);
  expect(moved).toContain('logit_scale');
  expect(moved).toContain(locked === 'image' ? 'text_projection' : 'visual.proj');
});
