import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import clip from '../../../src/methods/clip.js';
import clipPsd from '../../../src/methods/clip-psd.js';
import {partOf} from '../../../src/methods/contract/parts.js';
import {randomModel} from '../../../src/model/random-model.js';
import {expectClose} from '../../support/expect-close.js';
import {compileOnRandom, runStep, trainOnRandom} from '../../support/method-training.js';
import {tinyVit} from '../../support/tiny-clip.js';

beforeAll(async () => {
  await startEngine('auto');
});

const train = (params: object, steps = 3) =>
  trainOnRandom([partOf(clipPsd, {...params})], tinyVit, {steps, mode: {capture: false}});

describe('progressive self-distillation', () => {
  it('with no soft pairs trains the weights of clip, to the bit', () => {
    const plain = trainOnRandom([partOf(clip)], tinyVit, {steps: 3, mode: {capture: false}});
    expect(train({shareEnd: 0}).held).toMatchObject(plain.held);
  });

  it('by the model itself, all pairs soft, its own view and scale: no gradient at all', () => {
    const {numbers} = train({teacher: 'self', shareStart: 1, shareEnd: 1}, 1);
    const swapped = train({teacher: 'self', shareStart: 1, shareEnd: 1, targets: 'swapped'}, 1);
    expect(swapped.numbers[0]!.gradientNorm).toBeGreaterThan(1e-2);
    // nothing but rounding
    expect(numbers[0]!.gradientNorm).toBeLessThan(1e-4 * swapped.numbers[0]!.gradientNorm);
  });

  it.each(['random', 'low-confidence'])('softens as many pairs as the schedule says: %s', (select) => {
    const hard = train({shareEnd: 0}, 1).numbers[0]!.loss;
    const losses = [0.25, 0.5, 1].map(
      (share) => train({select, shareStart: share, shareEnd: share, teacher: 'self'}, 1).numbers[0]!.loss,
    );
    expect(new Set([hard, ...losses]).size).toBe(4);
    // half a pair is none
    expect(train({select, shareStart: 0.2, shareEnd: 0.2}, 1).numbers[0]!.loss).toBe(hard);
  });

  it('logs how undecided the teacher is: all the more the smaller its scale', () => {
    const entropyAt = (logScale: number) => {
      const parts = [partOf(clipPsd)];
      const compiled = compileOnRandom(parts, tinyVit, {}, {capture: false});
      compiled.write('state/clip-psd/scale', {shape: [], data: Float32Array.of(logScale)});
      const {logged} = runStep(compiled, {parts, config: tinyVit}, 0);
      compiled.dispose();
      return logged!['teacherEntropy']!;
    };
    expect(entropyAt(-20)).toBeCloseTo(Math.log(4), 4);
    expect(entropyAt(Math.log(100))).toBeLessThan(0.8 * Math.log(4));
  });

  it('the teacher follows the weights as they were before each step', () => {
    const parts = [partOf(clipPsd, {momentum: 0.9})];
    const compiled = compileOnRandom(parts, tinyVit);
    const name = 'text_projection';
    let expected = Array.from(randomModel(tinyVit, 3).weights[name]!.data);
    for (const step of [0, 1, 2]) {
      const {data} = compiled.read(`weights/${name}`);
      expected = expected.map((value, i) => 0.9 * value + 0.1 * data[i]!);
      runStep(compiled, {parts, config: tinyVit}, step);
    }
    expectClose(compiled.read(`state/clip-psd/average.${name}`).data, expected);
    compiled.dispose();
  });
});
