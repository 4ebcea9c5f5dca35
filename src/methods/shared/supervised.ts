import {contrastiveLoss} from '../../losses/contrastive.js';
import type {Encoders, PairedBatch, Term} from '../contract/method.js';

/** CLIP's loss on the captioned images alone: what every method here is when it has nothing else to learn from. */
export function supervisedTerm(encode: Encoders, {images, captions}: PairedBatch): Term {
  const value = () =>
    contrastiveLoss({images: encode.images(images), texts: encode.texts(captions)}, encode.scale);
  return {weight: 1, value};
}
