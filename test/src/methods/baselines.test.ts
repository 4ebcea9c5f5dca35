import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import clip from '../../../src/methods/clip.js';
import hardPl from '../../../src/methods/hard-pl.js';
import sClip from '../../../src/methods/s-clip.js';
import softPl from '../../../src/methods/soft-pl.js';
import {contrastiveLoss} from '../../reference/contrastive.js';
import {pseudoLabels, sClipTerms} from '../../reference/s-clip.js';
import {expectClose} from '../../support/expect-close.js';
import {methodGradients, methodValue} from '../../support/method-features.js';
import {randomFeatures} from '../../support/random-features.js';

beforeAll(async () => {
  await startEngine('auto');
});

const counts = {pairs: 6, unpaired: 5, words: 4};
const baselines = [
  {method: hardPl, transport: 'hard'},
  {method: softPl, transport: 'soft'},
] as const;

describe.each([10, 1 / 0.07, 100])('at scale %d', (scale) => {
  const inputs = randomFeatures(counts, scale, 61);

  it('clip is the contrastive loss of the pairs, and encodes nothing else', () => {
    const {loss, terms, calls} = methodValue(clip, {}, inputs);
    expectClose(loss, contrastiveLoss(inputs.images, inputs.texts, scale));
    expect(terms).toEqual({contrastive: loss});
    expect(calls).toEqual(['paired.images', 'paired.ids']);
  });

  describe.each(baselines)('$method.name', ({method, transport}) => {
    it.each(['image', 'text'] as const)('agrees with float64 loops, compared with %ss', (assign) => {
      const expected = sClipTerms(inputs, pseudoLabels(inputs, {transport, assign}));
      const {loss, terms, calls} = methodValue(method, {assign}, inputs);
      expect(Object.keys(terms)).toEqual(['contrastive', 'caption']);
      expectClose(Object.values(terms), [expected.contrastive, expected.caption]);
      expectClose(loss, expected.contrastive + expected.caption);
      expect(calls).toEqual(['paired.images', 'paired.ids', 'unpaired.images']);
    });

    it('has the bits of s-clip without its keyword term', () => {
      const params = {transport, keywordWeight: 0};
      expect(methodValue(method, {}, inputs)).toEqual(methodValue(sClip, params, inputs));
      expect(methodGradients(method, {}, inputs)).toEqual(methodGradients(sClip, params, inputs));
    });

    it('without unpaired images has the bits of clip', () => {
      const parts = {unpaired: false};
      const {loss, terms} = methodValue(method, {}, inputs, parts);
      const plain = methodValue(clip, {}, inputs);
      expect({loss, terms}).toEqual({loss: plain.loss, terms: plain.terms});
      expect(methodGradients(method, {}, inputs, parts)).toEqual(methodGradients(clip, {}, inputs));
    });

    it('a caption term at weight 0 leaves the contrastive term alone', () => {
      const {loss, terms} = methodValue(method, {captionWeight: 0}, inputs);
      expect(terms).toEqual({contrastive: loss});
      expect(loss).toBe(methodValue(method, {}, inputs).terms['contrastive']);
    });
  });
});
