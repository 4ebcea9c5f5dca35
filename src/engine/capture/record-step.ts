import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';
import {clipFactor} from '../clip-norm.js';
import {differentiate, type Differentiated} from '../differentiate.js';
import {reportedNames, reportedValues, type ReportedNames} from '../reported-numbers.js';
import type {AdamWOptions, CompileOptions, HostArray, HostArrays, Precision, Step} from '../step.js';
import {feedName, recordGraph, type Held, type Recording} from './recording.js';
import {dataTypes, type GraphNode} from './saved-model.js';

/** A recorded step: the graph, and the names under which it is fed and fetched. */
export interface RecordedStep {
  readonly nodes: readonly GraphNode[];
  /** Of the fetched numbers, after loss and gradient norm. */
  readonly reported: ReportedNames;
  /** Weights in the order in which they stand in the fetched flags. */
  readonly gradients: readonly string[];
  /** Entries that the session holds, `weights/<name>` and so on. */
  readonly held: ReadonlyMap<string, Held>;
  /** Moments: the nodes that are fetched to fill them with zeros. */
  readonly zeroed: ReadonlyMap<string, string>;
  /** Arithmetic of a step: matrix products and convolutions, forward and backward. */
  readonly flops: number;
}

/** The fixed node names of every recorded step. */
export const stepNodes = {
  numbers: 'step/numbers',
  /** 1 for each gradient that is finite; computed only when fetched. */
  finiteGradients: 'step/finite_gradients',
  beta1Power: 'feed/beta1_power',
  beta2Power: 'feed/beta2_power',
  epsilon: 'feed/epsilon',
  /** 1 - learning rate x decay. */
  kept: 'feed/kept',
} as const;

export interface RecordedShapes {
  readonly batch: HostArrays;
  readonly scalars: readonly string[];
}

const scalarShape: HostArray = {shape: [], data: new Float32Array(1)};

/**
 * Runs a step once on a backend that computes nothing and returns the TensorFlow graph of a whole update: forward
 * part, gradients, clipping, AdamW, clamps, state. An update whose loss or gradient is not finite leaves everything
 * as it was.
 */
export function recordStep(
  step: Step,
  options: CompileOptions,
  shapes: RecordedShapes,
  precision: Precision,
): RecordedStep {
  return recordGraph(precision, (recording) => {
    const weights = recording.variables('weights', options.weights);
    const trained = new Map([...options.trained].map((name) => [name, tf.variable(weights[name]!, true)]));
    const given = {
      weights: {...weights, ...Object.fromEntries(trained)},
      state: recording.variables('state', options.state),
      batch: recording.batch(shapes.batch),
      scalars: Object.fromEntries(
        shapes.scalars.map((name) => [
          name,
          recording.placeholder(feedName('scalars', name), scalarShape) as Scalar,
        ]),
      ),
    };
    try {
      const forward = () => step(given.weights, given.state, given.batch, given.scalars);
      const differentiated = differentiate(forward, trained, given.state);
      recordUpdate(recording, differentiated, options);
      differentiated.dispose();
      return {
        nodes: recording.graph.nodes,
        reported: reportedNames(differentiated),
        gradients: Object.keys(differentiated.gradients),
        held: recording.held,
        zeroed: recording.zeroed,
        flops: recording.flops,
      };
    } finally {
      tf.dispose([...trained.values()]);
    }
  });
}

const float = {T: {type: dataTypes.float32}} as const;
const floatVariable = {dtype: {type: dataTypes.float32}} as const;

/** Numbers, finite flags and updates of a differentiated step. */
function recordUpdate(recording: Recording, result: Differentiated, options: CompileOptions): void {
  const gradients = Object.values(result.gradients);
  const norm = gradientNorm(recording, gradients);
  const numbers = tf.stack([result.loss, norm, ...reportedValues(result)]);
  const predicate = recording.valueOf(tf.isFinite(tf.add(result.loss, norm)));
  const gate = new Gate(recording, predicate.ref);
  const {clipNorm} = options;
  const factor = clipNorm === undefined ? undefined : clipFactor(norm, clipNorm);
  const updates = [...weightUpdates(gate, result, {factor, options}), ...stateUpdates(gate, result)];
  finish(recording, {numbers, finite: predicate.ref, updates});
  finiteFlags(recording, gradients);
}

/** As gradientNorm of clip-norm.ts, by the operation that reads each gradient once and writes nothing. */
function gradientNorm(recording: Recording, gradients: readonly Tensor[]): Scalar {
  const halves = gradients.map((gradient) => recording.append('L2Loss', [gradient], float, []));
  return tf.sqrt(tf.mul<Scalar>(tf.addN(halves), 2));
}

/** Holds values back: what passes exists only while a predicate is true, and what depends on it runs only then. */
class Gate {
  /** Alive when the predicate is true; a control input from the switch itself would hold nothing back. */
  readonly alive: string;

  constructor(
    readonly recording: Recording,
    private readonly predicate: string,
  ) {
    this.alive = recording.graph.add('Identity', [this.switched(predicate, dataTypes.bool)], {
      T: {type: dataTypes.bool},
    });
  }

  pass(tensor: Tensor): string {
    const {ref, dtype} = this.recording.valueOf(tensor);
    return this.switched(ref, dtype);
  }

  private switched(ref: string, dtype: number): string {
    return `${this.recording.graph.add('Switch', [ref, this.predicate], {T: {type: dtype}})}:1`;
  }
}

interface UpdateOptions {
  /** What the gradients are multiplied by; undefined: nothing. */
  readonly factor: Tensor | undefined;
  readonly options: CompileOptions;
}

function weightUpdates(gate: Gate, {gradients}: Differentiated, {factor, options}: UpdateOptions): string[] {
  const {recording} = gate;
  const betas = adamInputs(recording, options.optimizer);
  return Object.entries(gradients).map(([name, raw]) => {
    const gradient = gate.pass(factor === undefined ? raw : tf.mul(raw, factor));
    const shrunk = options.decayed.has(name) ? [`^${shrink(gate, name)}`] : [];
    const adam = applyAdam(recording, name, {gradient, betas, after: shrunk});
    const interval = options.clamped[name];
    return interval === undefined ? adam : clamp(recording, name, interval, adam);
  });
}

/**
 * Decoupled decay: the weight becomes its product with `kept`. Assigning the product hands over its memory, while
 * subtracting in place would first copy a variable whose value the forward part still holds.
 */
function shrink({recording, alive}: Gate, name: string): string {
  const {read} = recording.held.get(`weights/${name}`)!;
  const product = recording.graph.add('Mul', [read, stepNodes.kept, `^${alive}`], float);
  return recording.graph.add('AssignVariableOp', [`weights/${name}`, product], floatVariable);
}

interface AdamInputs {
  readonly beta1: string;
  readonly beta2: string;
}

function adamInputs(recording: Recording, {beta1, beta2}: AdamWOptions): AdamInputs {
  for (const name of [stepNodes.beta1Power, stepNodes.beta2Power, stepNodes.epsilon, stepNodes.kept]) {
    recording.placeholder(name, scalarShape);
  }
  return {beta1: recording.scalar(beta1), beta2: recording.scalar(beta2)};
}

/**
 * Adam by TensorFlow's fused kernel. Its epsilon stands beside the uncorrected root, so the fed one is PyTorch's
 * times sqrt(1 - beta2^step).
 */
function applyAdam(
  recording: Recording,
  name: string,
  {gradient, betas, after}: {gradient: string; betas: AdamInputs; after: readonly string[]},
): string {
  const variable = `weights/${name}`;
  const held = recording.held.get(variable)!;
  for (const moment of ['moment1', 'moment2']) recording.addZeros(`${moment}/${name}`, held);
  return recording.graph.add(
    'ResourceApplyAdam',
    [
      ...[variable, `moment1/${name}`, `moment2/${name}`],
      ...[stepNodes.beta1Power, stepNodes.beta2Power, feedName('scalars', 'learningRate')],
      ...[betas.beta1, betas.beta2, stepNodes.epsilon, gradient],
      ...after,
    ],
    {...float, use_locking: {b: false}, use_nesterov: {b: false}},
  );
}

function clamp(
  recording: Recording,
  name: string,
  [low, high]: readonly [number, number],
  after: string,
): string {
  const {graph} = recording;
  const variable = `weights/${name}`;
  const value = graph.add('ReadVariableOp', [variable, `^${after}`], floatVariable);
  const above = graph.add('Maximum', [value, recording.scalar(low)], float);
  const within = graph.add('Minimum', [above, recording.scalar(high)], float);
  return graph.add('AssignVariableOp', [variable, within], floatVariable);
}

function stateUpdates(gate: Gate, {state}: Differentiated): string[] {
  const {recording} = gate;
  return Object.entries(state).map(([name, tensor]) =>
    recording.graph.add('AssignVariableOp', [`state/${name}`, gate.pass(tensor)], {
      dtype: {type: recording.valueOf(tensor).dtype},
    }),
  );
}

function finiteFlags(recording: Recording, gradients: readonly Tensor[]): void {
  const flags = gradients.map((gradient) => tf.cast(tf.all(tf.isFinite(gradient)), 'float32'));
  recording.graph.add('Identity', [recording.valueOf(tf.stack(flags)).ref], float, stepNodes.finiteGradients);
}

/** The node that a step fetches: its numbers, after every update, or alone when they are not finite. */
function finish(
  recording: Recording,
  {numbers, finite, updates}: {numbers: Tensor; finite: string; updates: readonly string[]},
): void {
  const {graph} = recording;
  const branches = graph.add('Switch', [recording.valueOf(numbers).ref, finite], float);
  const updated = graph.add('Identity', [`${branches}:1`, ...updates.map((node) => `^${node}`)], float);
  const merged = graph.add('Merge', [branches, updated], {...float, N: {i: 2}});
  graph.add('Identity', [merged], float, stepNodes.numbers);
}
