import type {Scalar, Tensor} from '@tensorflow/tfjs-core';

/** Tensors by name. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** Scalars that change from step to step (the learning rate, a schedule's share), by name. */
export type Scalars = Readonly<Record<string, Scalar>>;

export interface StepOutput {
  readonly loss: Scalar;
  /** Each term's own, unweighted value. */
  readonly terms: Readonly<Record<string, Scalar>>;
  /** What is reported beside them and not optimised, by name. */
  readonly logged?: Readonly<Record<string, Scalar>> | undefined;
  /** The next value of every entry of the state that changes; entries left out stay as they are. */
  readonly state: Tensors;
}

/**
 * The forward part of a training step, written once in tfjs operations: pure, with static shapes, nothing read
 * on the host, all randomness fed in. It runs eagerly on any backend, or captured as one TensorFlow graph.
 */
export type Step = (weights: Tensors, state: Tensors, batch: Tensors, scalars: Scalars) => StepOutput;

/** A tensor on the host, row-major. */
export interface HostArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

export type HostArrays = Readonly<Record<string, HostArray>>;

export interface StepNumbers {
  readonly loss: number;
  readonly terms: Readonly<Record<string, number>>;
  /** Left out where a step logs nothing. */
  readonly logged?: Readonly<Record<string, number>>;
  /** Euclidean norm of all gradients together, before clipping. */
  readonly gradientNorm: number;
}

/** What an array is, without its values. */
export interface ArrayForm {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
}

/**
 * A step with its gradients, optimiser and state, ready to run. What it holds is read and written by name:
 * `weights/<name>`, `moment1/<name>`, `moment2/<name>` (trained weights only) and `state/<name>`.
 */
export interface CompiledStep {
  /**
   * One update. `scalars` holds at least `learningRate` and `step` (counted from 1).
   * @throws UserError with exit code `numerical`, before anything is updated, when the loss is not finite.
   */
  run(batch: HostArrays, scalars: Readonly<Record<string, number>>): StepNumbers;
  /** Sorted, as files hold them; reading in this order takes the least time. */
  names(): readonly string[];
  /** What `read` would give, without fetching it. */
  form(name: string): ArrayForm;
  read(name: string): HostArray;
  write(name: string, value: HostArray): void;
  dispose(): void;
}

/**
 * How matrix products of the transformers are taken: with float32 operands, or with bfloat16 ones (sums, weights,
 * moments, norms, losses and ResNets are float32 in both).
 */
export type Precision = 'fp32' | 'bf16';

/** AdamW as PyTorch defines it. Decay is decoupled: p <- p (1 - lr decay) before the Adam update. */
export interface AdamWOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

export interface CompileOptions {
  /** Not to be changed until the first step has run: they are copied late, for the sake of memory. */
  readonly weights: HostArrays;
  /** Further weights that the step reads, which never change: neither named, read nor written. As late as `weights`. */
  readonly constants?: HostArrays;
  /** Names of the weights that are trained; the others are constants. */
  readonly trained: ReadonlySet<string>;
  /** Names of the trained weights that are decayed. */
  readonly decayed: ReadonlySet<string>;
  readonly state: HostArrays;
  readonly optimizer: AdamWOptions;
  /** Clip the gradients to this norm; undefined: no clipping. */
  readonly clipNorm?: number;
  /** Closed intervals that weights are clamped to after the update, by name (logit_scale: [0, ln 100]). */
  readonly clamped: Readonly<Record<string, readonly [number, number]>>;
}
