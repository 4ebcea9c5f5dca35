import type {Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D} from '@tensorflow/tfjs-core';
import type {z} from 'zod';
import type {HostArrays, Tensors} from '../../engine/step.js';
import type {ClipConfig} from '../../model/clip-config.js';
import type {ImageNoise} from '../../model/image-noise.js';
import type {Initialisation} from '../../model/initialisation.js';
import type {TokenTensors, WordRows} from '../../model/text-tower.js';
import type {TokenHeadArrays} from '../../model/token-heads.js';
import type {Claim} from './claims.js';
import type {ClassProblem, Solution} from './class-problem.js';
import type {Needs} from './needs.js';
import type {Outside, SideBatch, SideFile, TeacherEncoders} from './outside.js';

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

export interface ClassBatch {
  /** The names of the same c classes in every step. */
  readonly names: TokenTensors;
  /** [b, c], 1 at the class of each captioned image. */
  readonly labels: Tensor2D;
  /** For each captioned image a template, drawn anew at every visit, with the name of its class. */
  readonly prompts: TokenTensors;
}

/** What the pairs of a batch are in the data of the run. */
export interface OriginBatch {
  /** [b] int32, numbers of the images. */
  readonly images: Tensor1D;
  /** [b] int32, numbers of the captions; equal captions of several images have one number. */
  readonly captions: Tensor1D;
}

/** The part of a batch that the declared needs open; null where the run has none of it. */
export type BatchView<N extends Needs> = {readonly paired: PairedBatch} & (N['unpaired'] extends 'images'
  ? {readonly unpaired: UnpairedBatch | null}
  : unknown) &
  (N['keywords'] extends true ? {readonly keywords: KeywordBatch | null} : unknown) &
  (N['origins'] extends true ? {readonly origins: OriginBatch} : unknown) &
  (N['rewritten'] extends true ? {readonly rewritten: TokenTensors} : unknown) &
  (N['classes'] extends true ? {readonly classes: ClassBatch} : unknown);

/** The two towers over one set of weights. What is asked for twice of the same tensor is computed once. */
export interface Encoders {
  /** [n, height, width, 3] -> [n, d], rows of unit length. */
  images(images: Tensor4D): Tensor2D;
  /** n token rows -> [n, d], rows of unit length. */
  texts(tokens: TokenTensors): Tensor2D;
  /**
   * [n, height, width, 3] -> [n, p, w]: the class token and the patches behind the last norm, or the pixels of a
   * ResNet's last map. Methods that read `images` of them too declare it, and one pass makes both. With noise, which
   * transformers alone take, it is a pass of its own.
   */
  imageTokens(images: Tensor4D, noise?: ImageNoise): Tensor3D;
  /** n rows of t tokens -> [n, t, w], behind the last norm. Declared as `imageTokens` are. */
  textTokens(tokens: TokenTensors): Tensor3D;
  /** Embeddings of words, without positions: [n, t] -> [n, t, w]. */
  words(ids: Tensor2D): Tensor3D;
  /** n rows of words as embeddings, some of which may be learned -> [n, d], rows of unit length. */
  wordRows(rows: WordRows): Tensor2D;
  /** n rows of words as embeddings -> [n, t, w], behind the last norm. */
  wordRowTokens(rows: WordRows): Tensor3D;
  /** s = exp(logit_scale). */
  readonly scale: Scalar;
}

/** One weighted summand of an objective. `value` is called once, at weight 0 never. */
export interface Term {
  /** A number, or one that changes from step to step: an entry of `scalars`. */
  readonly weight: number | Scalar;
  value(): Scalar;
}

export type Terms = Readonly<Record<string, Term>>;

export interface Objective {
  /**
   * The loss on the pairs of images and captions. Left out: CLIP's own. Of several methods in a run one decides it: the
   * one that claims it, else the first that has one.
   */
  readonly pairs?: Terms;
  /** What is added to it. */
  readonly terms?: Terms;
  /**
   * What a person should see and nothing is optimised by, such as the entropy of soft targets. It is computed behind the terms,
   * whose values it may use; no gradient runs through it,
   * and in a run that gives the method a factor of 0 it is not computed.
   */
  readonly logged?: Readonly<Record<string, () => Scalar>>;
  /** The next value of each entry of the method's own state that changes. */
  readonly state?: Readonly<Record<string, () => Tensor>>;
}

/** A term as text, for `methods show`. */
export interface TermFormula {
  /** A number, or the parameter that is its weight. */
  readonly weight: number | string;
  /** In the symbols of `describeMethod`. */
  readonly value: string;
}

export type Formula = Readonly<Record<string, TermFormula>>;

/** What decides the size of a method's own weights and state. */
export interface Setting<P> {
  readonly config: ClipConfig;
  readonly params: P;
}

/** What there is to learn from in a run. */
export interface RunSizes {
  /** Captioned images. */
  readonly captioned: number;
  /** 0 where the run has none. */
  readonly keywords: number;
}

/** A setting in a run. */
export interface RunSetting<P> extends Setting<P> {
  readonly sizes: RunSizes;
  readonly outside: Outside;
}

/** A weight of a method's own: it trains with those of the towers, and is not part of a CLIP. */
export interface ExtraWeight {
  readonly shape: readonly number[];
  readonly initial: Initialisation;
}

/** A further crop of images, drawn at every visit. */
export interface View {
  readonly of: 'paired' | 'unpaired' | 'all';
  /** Least and largest share of the area of an image. */
  readonly area: readonly [number, number];
}

/** The views that a method asked for, by name: [n, height, width, 3], normalised. */
export interface ViewBatch {
  readonly paired: Readonly<Record<string, Tensor4D>>;
  /** Empty where the run has no uncaptioned images. */
  readonly unpaired: Readonly<Record<string, Tensor4D>>;
}

/** How many rows a batch has. */
export interface BatchSizes {
  readonly paired: number;
  /** 0 where the run has none or no method reads them. */
  readonly unpaired: number;
}

/** Where a run is. */
export interface Progress {
  /** Steps done before this one. */
  readonly step: number;
  readonly steps: number;
}

export interface MethodContext<N extends Needs, P> extends Setting<P> {
  readonly encode: Encoders;
  readonly batch: BatchView<N>;
  /** The model before the run; for methods that declare it. */
  readonly start: Encoders;
  /** A model of the same architecture over other weights, in evaluation mode: its features are constants. */
  readonly encodersOf: (weights: Tensors) => Encoders;
  /** The weights that train now, those of the towers by their names. */
  readonly weights: Tensors;
  /** The method's own weights, by name. */
  readonly extras: Tensors;
  /** The method's own state, by name. */
  readonly state: Tensors;
  /** What the method's schedule gives for this step, by name. */
  readonly scalars: Readonly<Record<string, Scalar>>;
  readonly views: ViewBatch;
  /** The other models that the method asked for, by name. */
  readonly teachers: Readonly<Record<string, TeacherEncoders>>;
  /** What the files that the method asked for say about the images of the batch. */
  readonly sides: SideBatch;
  /** The keywords in the method's sentences, by name; empty where the run has no keywords. */
  readonly phrases: Readonly<Record<string, TokenTensors>>;
  /** The method's random numbers for this step, by name, each in [0, 1). */
  readonly draws: Tensors;
}

/** Weights of the towers, to be changed before a step uses them or after a run has trained them. */
export interface Reweighting<P> extends Setting<P> {
  /** The weights of the towers. */
  readonly weights: Tensors;
  readonly extras: Tensors;
}

/** A file of weights that lies beside a saved model. */
export interface KeptWeights {
  /** Of the file, without its extension. */
  readonly name: string;
  readonly arrays: HostArrays;
  /** What they are, as a reader needs it. */
  readonly about: Readonly<Record<string, unknown>>;
}

/** A run that is over: weights and running statistics before and after it. */
export interface Finished<P> extends Setting<P> {
  readonly start: HostArrays;
  readonly trained: HostArrays;
}

/** One way to learn; its file says all that there is to know about it. Everything that is optional has an empty default. */
export interface Method<N extends Needs = Needs, S extends z.ZodObject = z.ZodObject> {
  /** The file's name. */
  readonly name: string;
  /** One sentence for lists. */
  readonly summary: string;
  readonly cites: readonly Citation[];
  /** What differs from the paper, or `nothing known`. */
  readonly differs: string;
  readonly needs: N;
  /** Whether parameters leave the need for the model before the run, where it is declared; left out: all do. */
  readsStart?(params: z.output<S>): boolean;
  /** What no other method of the same run may decide too. */
  readonly claims?: readonly Claim[];
  /** Parameters with bounds and defaults, each described. */
  readonly params: S;
  /** Every term that the objective can have, by name and in its order; and what is solved behind the last step. */
  readonly formula: {readonly pairs?: Formula; readonly terms?: Formula; readonly solved?: string};
  objective?(context: MethodContext<N, z.output<S>>): Objective;
  /** Names and shapes of the method's own weights. */
  extras?(setting: RunSetting<z.output<S>>): Readonly<Record<string, ExtraWeight>>;
  /** What is remembered from step to step, as it is before the first. */
  state?(setting: RunSetting<z.output<S>> & {readonly start: HostArrays}): HostArrays;
  /**
   * First values of some of the method's own weights that are better read off the first batch. It runs eagerly, before the
   * first step, and may read tensors on the host.
   */
  calibrate?(context: MethodContext<N, z.output<S>>): HostArrays;
  /** Whether a weight of the towers trains. */
  trains?(name: string, params: z.output<S>): boolean;
  /** Numbers that the host computes for each step. */
  schedule?(progress: Progress, params: z.output<S>): Readonly<Record<string, number>>;
  /** Other CLIPs that it learns from, by name: each a folder, or a name of a model. */
  teachers?(params: z.output<S>): Readonly<Record<string, string>>;
  /** Files with an entry for every image, by name. */
  sideFiles?(params: z.output<S>): Readonly<Record<string, SideFile>>;
  /** Further crops of the images that it reads, by name. */
  views?(params: z.output<S>): Readonly<Record<string, View>>;
  /** Sentences that are read with each keyword in the place of `{}`, by name. */
  phrases?(params: z.output<S>): Readonly<Record<string, string>>;
  /** Shapes of the random numbers that it uses up in a step, by name. */
  draws?(
    setting: Setting<z.output<S>> & {readonly sizes: BatchSizes},
  ): Readonly<Record<string, readonly number[]>>;
  /** Weights that take the place of those of the same name, in every step and in the model that is saved. */
  reweight?(context: Reweighting<z.output<S>>): Tensors;
  /** Takes no training steps: as the method of a run, it is what is solved on the model as it is. */
  readonly steps?: false;
  /** What is computed behind the last step from the classes of the captioned images. For methods that declare `classes`. */
  solve?(problem: ClassProblem<z.output<S>>): Solution | Promise<Solution>;
  /** The method's own weights that compare single tokens of images and texts; they are saved beside the model. */
  tokenHeads?(context: Setting<z.output<S>> & {readonly extras: HostArrays}): TokenHeadArrays;
  /** The method's own weights that are of use behind the run: a file beside the saved model. */
  keeps?(context: Setting<z.output<S>> & {readonly extras: HostArrays}): KeptWeights;
  /** Weights and running statistics that take the place of the trained ones when a run is over. */
  finish?(run: Finished<z.output<S>>): HostArrays;
}

/** Types a method by what it declares: reading undeclared parts of the batch does not compile. */
export function defineMethod<const N extends Needs, S extends z.ZodObject>(
  method: Method<N, S>,
): Method<N, S> {
  return method;
}
