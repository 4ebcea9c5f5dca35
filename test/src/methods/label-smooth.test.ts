import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import clip from '../../../src/methods/clip.js';
import labelSmooth from '../../../src/methods/label-smooth.js';
import {expectClose} from '../../support/expect-close.js';
import {methodGradients, methodValue} from '../../support/method-features.js';
import {randomFeatures} from '../../support/random-features.js';

const pairs = 6;
const inputs = randomFeatures({pairs, unpaired: 3, words: 2}, 10, 5);

beforeAll(async () => {
  await startEngine('auto');
});

describe('label smoothing', () => {
  it.each(['negatives', 'uniform'])('with nothing to spread is clip, to the bit: %s', (convention) => {
    const params = {alpha: 0, convention};
    expect(methodValue(labelSmooth, params, inputs).loss).toBe(methodValue(clip, {}, inputs).loss);
    expect(methodGradients(labelSmooth, params, inputs)).toEqual(methodGradients(clip, {}, inputs));
  });

  it('the two conventions are one, with alpha uniform = alpha negatives n / (n - 1)', () => {
    const negatives = methodValue(labelSmooth, {alpha: 0.2}, inputs).loss;
    const params = {alpha: (0.2 * pairs) / (pairs - 1), convention: 'uniform'};
    expectClose(methodValue(labelSmooth, params, inputs).loss, negatives);
  });

  it('refuses a share of all', () => {
    expect(labelSmooth.params.safeParse({alpha: 1}).success).toBe(false);
  });
});
