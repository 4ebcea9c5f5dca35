import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {partOf} from '../../../src/methods/contract/parts.js';
import distill from '../../../src/methods/distill.js';
import {softmaxRow} from '../../reference/contrastive.js';
import {expectClose} from '../../support/expect-close.js';
import {methodValue} from '../../support/method-features.js';
import {trainOnRandom} from '../../support/method-training.js';
import {randomFeatures} from '../../support/random-features.js';
import {tinyVit} from '../../support/tiny-clip.js';

beforeAll(async () => {
  await startEngine('auto');
});

const inputs = randomFeatures({pairs: 5, unpaired: 4, words: 2}, 6, 9);

/** Mean entropy of the softmax rows of scale times the products of two sets of rows. */
function entropy(rows: readonly (readonly number[])[], others: readonly (readonly number[])[]): number {
  const perRow = rows.map((row) => {
    const logits = others.map((other) => inputs.scale * row.reduce((sum, x, k) => sum + x * other[k]!, 0));
    return softmaxRow(logits).reduce((sum, p) => sum - p * Math.log(p), 0);
  });
  return perRow.reduce((sum, value) => sum + value, 0) / rows.length;
}

describe('distillation from the model before the run', () => {
  it('is the entropy of its rows as long as nothing has changed, and no less', () => {
    const {terms} = methodValue(distill, {}, inputs);
    const {images, texts, queries} = inputs;
    expectClose(terms['distill']!, (entropy(images, texts) + entropy(texts, images)) / 2);
    expectClose(terms['unpaired']!, entropy(queries, texts) / 2);
  });

  it('keeps the weights nearer to where they were than clip alone', () => {
    const lengths = [0, 30].map((weight) => {
      const parts = [partOf(distill, {distillWeight: weight, unpairedWeight: weight})];
      const {numbers} = trainOnRandom(parts, tinyVit, {steps: 10, mode: {capture: false}});
      return numbers.at(-1)!.terms['contrastive']!;
    });
    // held back from fitting the pairs
    expect(lengths[1]).toBeGreaterThan(lengths[0]!);
  });
});
