import type {Tensor} from '@tensorflow/tfjs-core';
import type {HostArrays} from '../../engine/step.js';
import type {ClipConfig} from '../../model/clip-config.js';
import type {TokenTensors} from '../../model/text-tower.js';
import type {Encoders} from './method.js';

/** A file of the user's with an entry for every image, of which the entries of a batch are read. */
export interface SideFile {
  /** `.safetensors` or `.jsonl`, as the user named it. */
  readonly path: string;
  readonly of: 'paired' | 'unpaired' | 'all';
  /** What the numbers of an entry are called in it. */
  readonly array: string;
}

/** Another CLIP that a method learns from. */
export interface Teacher {
  readonly config: ClipConfig;
  /** Weights and running statistics. */
  readonly arrays: HostArrays;
}

/** What a run brings to a method from outside, by the names that the method gave. */
export interface Outside {
  readonly teachers: Readonly<Record<string, Teacher>>;
  /** Of each side file the shape of an entry, without the images. */
  readonly sides: Readonly<Record<string, readonly number[]>>;
}

/** Of methods that ask for nothing. */
export const nothingOutside: Outside = {teachers: {}, sides: {}};

/** A teacher in a step, which takes the images of the model that learns. Its features are constants. */
export type TeacherEncoders = Pick<Encoders, 'images' | 'imageTokens'>;

/** The entries of n images. */
export interface SideEntries {
  /** [n, ...] */
  readonly values: Tensor;
  /** The texts of the entries; null in a file without any. */
  readonly texts: TokenTensors | null;
}

/** The entries of the images of a batch, by the names of the files. */
export interface SideBatch {
  readonly paired: Readonly<Record<string, SideEntries>>;
  /** Empty where the run has no uncaptioned images. */
  readonly unpaired: Readonly<Record<string, SideEntries>>;
}
