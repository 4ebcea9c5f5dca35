import * as tf from '@tensorflow/tfjs-core';
import type {Tensor4D} from '@tensorflow/tfjs-core';
import type {Tensors} from '../../engine/step.js';
import type {ClipConfig} from '../../model/clip-config.js';
import {createEncoders} from '../../model/encoders.js';
import type {TeacherEncoders} from './outside.js';

/**
 * Another CLIP in evaluation mode. It is given the images as the model that learns takes them, and sees them normalised
 * as it was trained.
 * @param arrays its weights and running statistics
 */
export function teacherEncoders(
  teacher: ClipConfig,
  student: Pick<ClipConfig, 'preprocess'>,
  arrays: Tensors,
): TeacherEncoders {
  const encode = createEncoders(teacher, arrays, arrays, {training: false});
  const seen = (images: Tensor4D) => renormalised(images, student.preprocess, teacher.preprocess);
  return {
    images: (images) => encode.images(seen(images)),
    imageTokens: (images) => encode.imageTokens(seen(images)),
  };
}

type Normalisation = Pick<ClipConfig['preprocess'], 'mean' | 'std'>;

/** (x - mean) / std by one set of constants -> by another. */
function renormalised(images: Tensor4D, from: Normalisation, to: Normalisation): Tensor4D {
  if (from.mean.join() === to.mean.join() && from.std.join() === to.std.join()) return images;
  const factor = to.std.map((std, c) => from.std[c]! / std);
  const shift = to.std.map((std, c) => (from.mean[c]! - to.mean[c]!) / std);
  return tf.add(tf.mul(images, tf.tensor1d(factor)), tf.tensor1d(shift));
}
