import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {clipFactor, gradientNorm} from '../clip-norm.js';
import {differentiate, type Differentiated} from '../differentiate.js';
import {dtypeOf} from '../host-array.js';
import type {AdamWOptions, CompileOptions, HostArray, HostArrays, Scalars, Step, Tensors} from '../step.js';
import {createGraph, type Graph, type Value} from './graph.js';
import type {NodeBackend} from './node-backend.js';
import {dataTypes, type GraphNode} from './saved-model.js';
import {registerKernels} from './recording-kernels.js';
import {symbolicBinding, type BindingConstants, type SymbolicBinding} from './symbolic-binding.js';

/** A recorded step: the graph, and the names under which it is fed and fetched. */
export interface RecordedStep {
  readonly nodes: readonly GraphNode[];
  /** Terms in the order in which they stand in the fetched numbers, after loss and gradient norm. */
  readonly terms: readonly string[];
  /** Weights in the order in which they stand in the fetched flags. */
  readonly gradients: readonly string[];
  /** Entries that the session holds, `weights/<name>` and so on, with their shapes. */
  readonly held: ReadonlyMap<string, Held>;
}

export interface Held {
  readonly shape: readonly number[];
  readonly dtype: number;
  /** Node names: the variable's value, and the placeholder that sets it. */
  readonly read: string;
  readonly placeholder: string;
  /** Fetched to set it. */
  readonly written: string;
}

/** The fixed node names of every recorded step. */
export const stepNodes = {
  numbers: 'step/numbers',
  /** 1 for each gradient that is finite; computed only when fetched. */
  finiteGradients: 'step/finite_gradients',
  beta1Power: 'feed/beta1_power',
  beta2Power: 'feed/beta2_power',
  epsilon: 'feed/epsilon',
  decay: 'feed/decay',
} as const;

/** The placeholder of a batch entry or a scalar. */
export function feedName(kind: 'batch' | 'scalars', name: string): string {
  return `feed/${kind}/${name}`;
}

const backendName = 'capture';

/**
 * Runs a step once on a backend that computes nothing and returns the TensorFlow graph of a whole update: forward
 * part, gradients, clipping, AdamW, clamps, state. An update whose loss or gradient is not finite leaves everything
 * as it was.
 */
export function recordStep(step: Step, options: CompileOptions, shapes: RecordedShapes): RecordedStep {
  const eager = tf.backend() as NodeBackend;
  const graph = createGraph();
  const symbolic = symbolicBinding(graph, constantsOf(eager.binding));
  const backend = new (eager.constructor as new (binding: object, name: string) => NodeBackend)(
    symbolic.binding,
    '',
  );
  const previous = tf.getBackend();
  registerKernels(backendName);
  tf.registerBackend(backendName, () => backend);
  void tf.setBackend(backendName);
  tf.engine().startScope();
  try {
    return new Recorder(graph, symbolic, backend, options).record(step, shapes);
  } finally {
    tf.engine().endScope();
    void tf.setBackend(previous);
    tf.removeBackend(backendName);
  }
}

export interface RecordedShapes {
  readonly batch: HostArrays;
  readonly scalars: readonly string[];
}

/** The binding's constants are not enumerable. */
function constantsOf(binding: BindingConstants): BindingConstants {
  const names = Object.getOwnPropertyNames(binding).filter((name) => typeof binding[name] === 'number');
  return Object.fromEntries(names.map((name) => [name, binding[name]!]));
}

const float = {T: {type: dataTypes.float32}} as const;

/** The symbolic inputs of a step. */
interface Given {
  readonly weights: Tensors;
  readonly held: Tensors;
  readonly batch: Tensors;
  readonly scalars: Scalars;
  readonly trainedVariables: ReadonlyMap<string, tf.Variable>;
}

class Recorder {
  private readonly held = new Map<string, Held>();

  constructor(
    private readonly graph: Graph,
    private readonly symbolic: SymbolicBinding,
    private readonly backend: NodeBackend,
    private readonly options: CompileOptions,
  ) {}

  record(step: Step, shapes: RecordedShapes): RecordedStep {
    const {weights, trained, state} = this.options;
    const variables = new Map(
      Object.entries(weights).map(([name, array]) => {
        const tensor = this.variable(`weights/${name}`, array);
        return [name, trained.has(name) ? tf.variable(tensor, true) : tensor] as const;
      }),
    );
    const held = Object.fromEntries(
      Object.entries(state).map(([name, array]) => [name, this.variable(`state/${name}`, array)]),
    );
    const batch = Object.fromEntries(
      Object.entries(shapes.batch).map(([name, array]) => [
        name,
        this.placeholder(feedName('batch', name), array),
      ]),
    );
    const scalars = Object.fromEntries(
      shapes.scalars.map((name) => [
        name,
        this.placeholder(feedName('scalars', name), scalarShape) as tf.Scalar,
      ]),
    );
    const trainedVariables = new Map(
      [...trained].map((name) => [name, variables.get(name) as tf.Variable] as const),
    );
    try {
      return this.recordUpdate(step, {
        weights: Object.fromEntries(variables),
        held,
        batch,
        scalars,
        trainedVariables,
      });
    } finally {
      tf.dispose([...trainedVariables.values()]);
    }
  }

  private recordUpdate(step: Step, given: Given): RecordedStep {
    const {weights, held, batch, scalars, trainedVariables} = given;
    const result = differentiate(() => step(weights, held, batch, scalars), trainedVariables, held);
    const norm = gradientNorm(Object.values(result.gradients));
    const numbers = tf.stack([result.loss, norm, ...Object.values(result.terms)]);
    const {clipNorm} = this.options;
    const factor = clipNorm === undefined ? undefined : clipFactor(norm, clipNorm);
    const updates = this.updates(result, {norm, factor});
    this.finish(numbers, updates);
    this.finiteFlags(Object.values(result.gradients));
    result.dispose();
    return {
      nodes: this.graph.nodes,
      terms: Object.keys(result.terms),
      gradients: Object.keys(result.gradients),
      held: this.held,
    };
  }

  /** A variable of the session with its value, and the way to set it. */
  private variable(name: string, {shape, data}: HostArray): Tensor {
    const dtype = dataTypes[dtypeOf(data)];
    this.addVariable(name, {shape, dtype});
    return this.tensorOf({ref: this.held.get(name)!.read, shape, dtype});
  }

  private addVariable(name: string, {shape, dtype}: {shape: readonly number[]; dtype: number}): void {
    const {graph} = this;
    const handle = graph.add(
      'VarHandleOp',
      [],
      {dtype: {type: dtype}, shape: {shape}, shared_name: {s: name}, container: {s: ''}},
      name,
    );
    const type = {dtype: {type: dtype}};
    const read = graph.add('ReadVariableOp', [handle], type, `read/${name}`);
    const placeholder = graph.add('Placeholder', [], {...type, shape: {shape}}, `set/${name}`);
    const assign = graph.add('AssignVariableOp', [handle, placeholder], type, `assign/${name}`);
    const written = graph.add('Identity', [scalarConstant(graph, 1), `^${assign}`], float, `written/${name}`);
    this.held.set(name, {shape, dtype, read, placeholder, written});
  }

  private placeholder(name: string, {shape, data}: HostArray): Tensor {
    const dtype = dataTypes[dtypeOf(data)];
    this.graph.add('Placeholder', [], {dtype: {type: dtype}, shape: {shape}}, name);
    return this.tensorOf({ref: name, shape, dtype});
  }

  private tensorOf(value: Value): Tensor {
    return this.backend.createOutputTensor(this.symbolic.bind(value));
  }

  private valueOf(tensor: Tensor): Value {
    const [id] = this.backend.getInputTensorIds([tensor]);
    return this.symbolic.valueOf(id!);
  }

  /** Nodes that bring weights, moments and state to their next values; dead when `finite` is false. */
  private updates(
    {loss, gradients, state}: Pick<Differentiated, 'loss' | 'gradients' | 'state'>,
    {norm, factor}: {norm: Tensor; factor: Tensor | undefined},
  ): {finite: string; nodes: string[]} {
    const predicate = this.valueOf(tf.isFinite(tf.add(loss, norm)));
    const finite = predicate.ref;
    // a control input from the switch itself would not hold anything back: only what reads its output is dead
    const alive = this.graph.add('Identity', [this.ifTrue(predicate, finite)], {T: {type: dataTypes.bool}});
    const constants = {...adamConstants(this.graph, this.options.optimizer), alive};
    const gate = (tensor: Tensor) => this.ifTrue(this.valueOf(tensor), finite);
    const nodes = Object.entries(gradients).map(([name, raw]) =>
      this.adamW(name, gate(factor === undefined ? raw : tf.mul(raw, factor)), constants),
    );
    const assigned = Object.entries(state).map(([name, tensor]) => {
      const inputs = [`state/${name}`, gate(tensor)];
      return this.graph.add('AssignVariableOp', inputs, {dtype: {type: this.valueOf(tensor).dtype}});
    });
    return {finite, nodes: [...nodes, ...assigned]};
  }

  /** A value that exists only while a predicate holds: what depends on it does not run otherwise. */
  private ifTrue({ref, dtype}: Value, predicate: string): string {
    return `${this.graph.add('Switch', [ref, predicate], {T: {type: dtype}})}:1`;
  }

  /**
   * Decoupled decay, then Adam by TensorFlow's fused kernel. Its epsilon stands beside the uncorrected root, so the
   * fed one is PyTorch's times sqrt(1 - beta2^step).
   */
  private adamW(name: string, gradient: string, constants: AdamConstants & {readonly alive: string}): string {
    const {graph} = this;
    const {decayed, clamped} = this.options;
    const variable = `weights/${name}`;
    const {shape, dtype, read} = this.held.get(variable)!;
    for (const moment of ['moment1', 'moment2']) this.addVariable(`${moment}/${name}`, {shape, dtype});
    const before: string[] = [];
    if (decayed.has(name)) {
      const shrink = graph.add('Mul', [read, stepNodes.decay, `^${constants.alive}`], float);
      before.push(`^${graph.add('AssignSubVariableOp', [variable, shrink], {dtype: {type: dtype}})}`);
    }
    const adam = graph.add(
      'ResourceApplyAdam',
      [
        variable,
        `moment1/${name}`,
        `moment2/${name}`,
        stepNodes.beta1Power,
        stepNodes.beta2Power,
        feedName('scalars', 'learningRate'),
        constants.beta1,
        constants.beta2,
        stepNodes.epsilon,
        gradient,
        ...before,
      ],
      {...float, use_locking: {b: false}, use_nesterov: {b: false}},
    );
    const interval = clamped[name];
    return interval === undefined ? adam : this.clamp(variable, interval, adam);
  }

  private clamp(variable: string, [low, high]: readonly [number, number], after: string): string {
    const {graph} = this;
    const type = {dtype: {type: dataTypes.float32}};
    const value = graph.add('ReadVariableOp', [variable, `^${after}`], type);
    const above = graph.add('Maximum', [value, scalarConstant(graph, low)], float);
    const within = graph.add('Minimum', [above, scalarConstant(graph, high)], float);
    return graph.add('AssignVariableOp', [variable, within], type);
  }

  private finiteFlags(gradients: readonly Tensor[]): void {
    const flags = gradients.map((gradient) => tf.cast(tf.all(tf.isFinite(gradient)), 'float32'));
    const stacked = this.valueOf(tf.stack(flags)).ref;
    this.graph.add('Identity', [stacked], float, stepNodes.finiteGradients);
  }

  /** The node that a step fetches: its numbers, after every update, or alone when they are not finite. */
  private finish(numbers: Tensor, {finite, nodes}: {finite: string; nodes: readonly string[]}): void {
    const {graph} = this;
    const branches = graph.add('Switch', [this.valueOf(numbers).ref, finite], float);
    const updated = graph.add('Identity', [`${branches}:1`, ...nodes.map((node) => `^${node}`)], float);
    const merged = graph.add('Merge', [branches, updated], {...float, N: {i: 2}});
    graph.add('Identity', [merged], float, stepNodes.numbers);
  }
}

const scalarShape: HostArray = {shape: [], data: new Float32Array(1)};

interface AdamConstants {
  readonly beta1: string;
  readonly beta2: string;
}

function adamConstants(graph: Graph, {beta1, beta2}: AdamWOptions): AdamConstants {
  for (const name of [stepNodes.beta1Power, stepNodes.beta2Power, stepNodes.epsilon, stepNodes.decay]) {
    graph.add('Placeholder', [], {dtype: {type: dataTypes.float32}, shape: {shape: []}}, name);
  }
  return {beta1: scalarConstant(graph, beta1), beta2: scalarConstant(graph, beta2)};
}

/** A float32 scalar of the graph. */
function scalarConstant(graph: Graph, value: number): string {
  const bytes = new Uint8Array(new Float32Array([value]).buffer);
  return graph.constant({dtype: dataTypes.float32, shape: [], bytes});
}
