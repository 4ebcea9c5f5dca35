import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {dtypeOf} from '../host-array.js';
import type {OrderingBackend} from '../after.js';
import type {ReducingBackend} from '../reduced-precision.js';
import type {HostArray, HostArrays, Precision} from '../step.js';
import {createGraph, type Graph, type Value} from './graph.js';
import type {NodeBackend} from './node-backend.js';
import {registerKernels} from './recording-kernels.js';
import {dataTypes, type Attribute} from './saved-model.js';
import {symbolicBinding, type BindingConstants, type SymbolicBinding} from './symbolic-binding.js';

/** A variable of a session: where it is read, and how it is set. All are node names. */
export interface Held {
  readonly shape: readonly number[];
  readonly dtype: number;
  /** The variable's value. */
  readonly read: string;
  /** Fed with the new value. */
  readonly placeholder: string;
  /** Fetched to set it. */
  readonly written: string;
}

/** The placeholder of a batch entry or a scalar. */
export function feedName(kind: 'batch' | 'scalars', name: string): string {
  return `feed/${kind}/${name}`;
}

/** A batch by the names of its placeholders. */
export function batchFeeds(batch: HostArrays): HostArrays {
  return Object.fromEntries(Object.entries(batch).map(([name, array]) => [feedName('batch', name), array]));
}

const backendName = 'capture';

/**
 * Calls `record` while the current tfjs backend is one that computes nothing: operations on the recording's tensors
 * append nodes to its graph. Nothing of it outlives the call but what it returns.
 */
export function recordGraph<T>(precision: Precision, record: (recording: Recording) => T): T {
  const eager = tf.backend() as NodeBackend;
  const graph = createGraph();
  const symbolic = symbolicBinding(graph, constantsOf(eager.binding), precision);
  const backend = new (eager.constructor as new (binding: object, name: string) => NodeBackend)(
    symbolic.binding,
    '',
  );
  const recording = new Recording(graph, symbolic, backend);
  // models look for both on the backend that is current when they run
  Object.assign(backend, {
    reduceProducts: symbolic.reduceProducts,
    after: (x, prerequisites) => recording.after(x, prerequisites),
  } satisfies ReducingBackend & OrderingBackend);
  const previous = tf.getBackend();
  registerKernels(backendName);
  tf.registerBackend(backendName, () => backend);
  void tf.setBackend(backendName);
  tf.engine().startScope();
  try {
    return record(recording);
  } finally {
    tf.engine().endScope();
    void tf.setBackend(previous);
    tf.removeBackend(backendName);
  }
}

/** The binding's constants are not enumerable. */
function constantsOf(binding: BindingConstants): BindingConstants {
  const names = Object.getOwnPropertyNames(binding).filter((name) => typeof binding[name] === 'number');
  return Object.fromEntries(names.map((name) => [name, binding[name]!]));
}

/** A graph that grows while tfjs runs, with the inputs that a session has. */
export class Recording {
  /** The variables so far, by name. */
  readonly held = new Map<string, Held>();
  /** Of variables that begin as zeros: the node to fetch for that. */
  readonly zeroed = new Map<string, string>();

  constructor(
    readonly graph: Graph,
    private readonly symbolic: SymbolicBinding,
    private readonly backend: NodeBackend,
  ) {}

  /** FLOP of the matrix products and convolutions so far. */
  get flops(): number {
    return this.symbolic.flops();
  }

  /** Variables of the session as tensors, each held under `prefix/name`. */
  variables(prefix: string, arrays: HostArrays): Record<string, Tensor> {
    return Object.fromEntries(
      Object.entries(arrays).map(([name, {shape, data}]) => {
        const dtype = dataTypes[dtypeOf(data)];
        const {read} = this.addVariable(`${prefix}/${name}`, {shape, dtype});
        return [name, this.tensorOf({ref: read, shape, dtype})];
      }),
    );
  }

  /** A variable of the session, its value, and the way to set it. */
  addVariable(
    name: string,
    {shape, dtype}: {readonly shape: readonly number[]; readonly dtype: number},
  ): Held {
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
    const held = {
      ...{shape, dtype, read, placeholder},
      written: this.assigned(handle, {value: placeholder, dtype}, `written/${name}`),
    };
    this.held.set(name, held);
    return held;
  }

  /** A variable that can begin as zeros without feeding them. */
  addZeros(name: string, {shape, dtype}: {readonly shape: readonly number[]; readonly dtype: number}): void {
    this.addVariable(name, {shape, dtype});
    const value = this.zeros(shape, dtype);
    this.zeroed.set(name, this.assigned(name, {value, dtype}, `zeroed/${name}`));
  }

  /** Assigns a value when the node that is returned is fetched. */
  private assigned(
    variable: string,
    {value, dtype}: {readonly value: string; readonly dtype: number},
    name: string,
  ): string {
    const {graph} = this;
    const assign = graph.add('AssignVariableOp', [variable, value], {dtype: {type: dtype}});
    return graph.add('Identity', [this.scalar(1), `^${assign}`], {T: {type: dataTypes.float32}}, name);
  }

  /** Zeros that are made when they are fetched. */
  private zeros(shape: readonly number[], dtype: number): string {
    const int32 = {type: dataTypes.int32};
    const sizes = new Uint8Array(Int32Array.from(shape).buffer);
    const dims = this.graph.constant({dtype: dataTypes.int32, shape: [shape.length], bytes: sizes});
    const zero = this.graph.constant({dtype, shape: [], bytes: new Uint8Array(4)});
    return this.graph.add('Fill', [dims, zero], {T: {type: dtype}, index_type: int32});
  }

  /** An input that is fed at every run. */
  placeholder(name: string, {shape, data}: HostArray): Tensor {
    const dtype = dataTypes[dtypeOf(data)];
    this.graph.add('Placeholder', [], {dtype: {type: dtype}, shape: {shape}}, name);
    return this.tensorOf({ref: name, shape, dtype});
  }

  /** {@link placeholder} for every entry of a batch. */
  batch(arrays: HostArrays): Record<string, Tensor> {
    return Object.fromEntries(
      Object.entries(arrays).map(([name, array]) => [name, this.placeholder(feedName('batch', name), array)]),
    );
  }

  /** A float32 constant; returns the node. */
  scalar(value: number): string {
    const bytes = new Uint8Array(new Float32Array([value]).buffer);
    return this.graph.constant({dtype: dataTypes.float32, shape: [], bytes});
  }

  /** Appends an operation that tfjs does not know, on tensors of this recording; its output is a float32 tensor. */
  append(
    op: string,
    inputs: readonly Tensor[],
    attributes: Readonly<Record<string, Attribute>>,
    shape: readonly number[],
  ): Tensor {
    const refs = inputs.map((input) => this.valueOf(input).ref);
    const ref = this.graph.add(op, refs, attributes);
    return this.tensorOf({ref, shape, dtype: dataTypes.float32});
  }

  /** The same value behind control inputs. */
  after<T extends Tensor>(x: T, prerequisites: readonly Tensor[]): T {
    const {ref, shape, dtype} = this.valueOf(x);
    const control = prerequisites.map((tensor) => `^${nodeOf(this.valueOf(tensor).ref)}`);
    const held = this.graph.add('Identity', [ref, ...new Set(control)], {T: {type: dtype}});
    return this.tensorOf({ref: held, shape, dtype}) as T;
  }

  /** The value of the graph that a tensor of this recording stands for. */
  valueOf(tensor: Tensor): Value {
    const [id] = this.backend.getInputTensorIds([tensor]);
    return this.symbolic.valueOf(id!);
  }

  private tensorOf(value: Value): Tensor {
    return this.backend.createOutputTensor(this.symbolic.bind(value));
  }
}

/** `node` of `node:output`. */
function nodeOf(ref: string): string {
  return ref.replace(/:\d+$/, '');
}
