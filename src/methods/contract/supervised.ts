import {contrastiveLoss} from '../../losses/contrastive.js';
import type {Encoders, Formula, PairedBatch, Term} from './method.js';
import {pairFeatures} from './pair-features.js';

/** CLIP's own loss on the captioned images: the loss on the pairs of every run whose methods have none. */
export function supervisedTerms(encode: Encoders, paired: PairedBatch): {readonly contrastive: Term} {
  return {contrastive: {weight: 1, value: () => contrastiveLoss(pairFeatures(encode, paired), encode.scale)}};
}

export const supervisedFormula = {
  contrastive: {weight: 1, value: '1/2 [CE(s I T^t, diag) + CE(s T I^t, diag)]'},
} as const satisfies Formula;
