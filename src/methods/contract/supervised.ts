import {contrastiveLoss} from '../../losses/contrastive.js';
import type {Encoders, Formula, PairedBatch, Terms} from './method.js';

/** CLIP's own loss on the captioned images: the loss on the pairs of every run whose methods have none. */
export function supervisedTerms(encode: Encoders, {images, captions}: PairedBatch): Terms {
  const value = () =>
    contrastiveLoss({images: encode.images(images), texts: encode.texts(captions)}, encode.scale);
  return {contrastive: {weight: 1, value}};
}

export const supervisedFormula: Formula = {
  contrastive: {weight: 1, value: '1/2 [CE(s I T^t, diag) + CE(s T I^t, diag)]'},
};
