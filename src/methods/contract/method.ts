import type {Scalar, Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import type {z} from 'zod';
import type {TokenTensors} from '../../model/text-tower.js';

/** What a method reads beyond captioned images. Anything undeclared does not exist in its batch. */
export interface Needs {
  readonly unpaired?: 'images';
  readonly keywords?: true;
}

/** Where a method comes from. */
export interface Citation {
  /** For example `arXiv:2305.14095`. */
  readonly paper: string;
  readonly title: string;
  /** Equations or sections, as numbered there. */
  readonly equations?: string;
  readonly code?: string;
}

export interface PairedBatch {
  /** [b, height, width, 3], normalised. */
  readonly images: Tensor4D;
  readonly captions: TokenTensors;
}

export interface UnpairedBatch {
  /** [u, height, width, 3], normalised. */
  readonly images: Tensor4D;
}

export interface KeywordBatch {
  /** The same k keywords in every step. */
  readonly tokens: TokenTensors;
  /** [b, k], 1 where the caption drawn for a pair holds the keyword. */
  readonly labels: Tensor2D;
}

/** The part of a batch that the declared needs open; null where the run has none of it. */
export type BatchView<N extends Needs> = {readonly paired: PairedBatch} & (N['unpaired'] extends 'images'
  ? {readonly unpaired: UnpairedBatch | null}
  : unknown) &
  (N['keywords'] extends true ? {readonly keywords: KeywordBatch | null} : unknown);

/** The two towers. Each call is a forward pass of its own, with batch-norm statistics of its own. */
export interface Encoders {
  /** [n, height, width, 3] -> [n, d], rows of unit length. */
  images(images: Tensor4D): Tensor2D;
  /** n token rows -> [n, d], rows of unit length. */
  texts(tokens: TokenTensors): Tensor2D;
  /** s = exp(logit_scale). */
  readonly scale: Scalar;
}

/** One weighted summand of an objective. `value` is called once, at weight 0 never. */
export interface Term {
  readonly weight: number;
  value(): Scalar;
}

export interface Objective {
  readonly terms: Readonly<Record<string, Term>>;
}

/** A term as text, for `methods show`. */
export interface TermFormula {
  /** A number, or the parameter that is its weight. */
  readonly weight: number | string;
  /** In the symbols of `objectiveSymbols`. */
  readonly value: string;
}

export interface MethodContext<N extends Needs, P> {
  readonly encode: Encoders;
  readonly batch: BatchView<N>;
  readonly params: P;
}

export interface Method<N extends Needs = Needs, S extends z.ZodObject = z.ZodObject> {
  /** The file's name. */
  readonly name: string;
  /** One sentence for lists. */
  readonly summary: string;
  readonly cites: readonly Citation[];
  /** What differs from the paper, or `nothing known`. */
  readonly differs: string;
  readonly needs: N;
  /** Parameters with bounds and defaults, each described. */
  readonly params: S;
  /** Every term that the objective can have, by name and in its order. */
  readonly formula: Readonly<Record<string, TermFormula>>;
  objective(context: MethodContext<N, z.output<S>>): Objective;
}

/** Types a method by what it declares: reading undeclared parts of the batch does not compile. */
export function defineMethod<const N extends Needs, S extends z.ZodObject>(
  method: Method<N, S>,
): Method<N, S> {
  return method;
}
