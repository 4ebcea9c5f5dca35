import type {PairedFeatures} from '../../losses/contrastive.js';
import type {Encoders, PairedBatch} from './method.js';

/** The embeddings of captioned images and their captions. */
export function pairFeatures(encode: Encoders, {images, captions}: PairedBatch): PairedFeatures {
  return {images: encode.images(images), texts: encode.texts(captions)};
}
