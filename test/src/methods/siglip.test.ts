import {beforeAll, describe, expect, it} from 'vitest';
import {calibrate} from '../../../src/app/training/calibrate.js';
import {startEngine} from '../../../src/engine/backend.js';
import {partOf} from '../../../src/methods/contract/parts.js';
import siglip from '../../../src/methods/siglip.js';
import {clipBatch} from '../../support/engine-clip.js';
import {compileOnRandom, runStep} from '../../support/method-training.js';
import {tinyVit} from '../../support/tiny-clip.js';

beforeAll(async () => {
  await startEngine('auto');
});

/** The loss of the first batch from some bias, and the bias. */
async function firstLoss(bias: number | 'auto') {
  const parts = [partOf(siglip, {bias})];
  const compiled = compileOnRandom(parts, tinyVit);
  await calibrate(compiled, {parts, config: tinyVit}, () => Promise.resolve(clipBatch(tinyVit, [], 0)));
  const [value] = compiled.read('weights/siglip/bias').data;
  const {loss} = runStep(compiled, {parts, config: tinyVit}, 0);
  compiled.dispose();
  return {loss, bias: value!};
}

describe('the bias', () => {
  it('is what was given', async () => {
    expect((await firstLoss(-10)).bias).toBe(-10);
  });

  it('auto starts where the loss of the first batch is least', async () => {
    const fitted = await firstLoss('auto');
    for (const shift of [-0.1, 0.1]) {
      expect((await firstLoss(fitted.bias + shift)).loss).toBeGreaterThan(fitted.loss);
    }
    expect(fitted.loss).toBeLessThan((await firstLoss(-10)).loss);
  });

  it('trains with the towers', () => {
    const parts = [partOf(siglip, {bias: -1})];
    const compiled = compileOnRandom(parts, tinyVit);
    runStep(compiled, {parts, config: tinyVit}, 0);
    expect(compiled.read('weights/siglip/bias').data[0]).not.toBe(-1);
    compiled.dispose();
  });
});
