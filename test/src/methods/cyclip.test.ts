import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import clip from '../../../src/methods/clip.js';
import cyclip from '../../../src/methods/cyclip.js';
import {expectClose} from '../../support/expect-close.js';
import {methodGradients, methodValue} from '../../support/method-features.js';
import {randomFeatures} from '../../support/random-features.js';

beforeAll(async () => {
  await startEngine('auto');
});

const pairs = 5;
const inputs = randomFeatures({pairs, unpaired: 3, words: 2}, 12, 31);

describe('cyclic consistency', () => {
  it('has no say about the scale', () => {
    const [plain, cyclic] = [clip, cyclip].map((method) => methodGradients(method, {}, inputs)[4]);
    expectClose(cyclic as number, plain as number);
  });

  it('divided by n squared is n times smaller', () => {
    const [n, n2] = ['n', 'n2'].map(
      (consistencyNorm) => methodValue(cyclip, {consistencyNorm}, inputs).terms,
    );
    for (const term of ['inModal', 'crossModal']) expectClose(n![term]!, pairs * n2![term]!);
  });

  it('is nothing where images and captions have the same features', () => {
    const {terms} = methodValue(cyclip, {}, {...inputs, texts: inputs.images});
    expect(terms).toMatchObject({inModal: 0, crossModal: 0});
  });
});
