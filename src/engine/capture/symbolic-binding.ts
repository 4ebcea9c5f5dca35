import {BugError} from '../../support/errors.js';
import type {ReducingBackend} from '../reduced-precision.js';
import type {Precision} from '../step.js';
import {bfloat16Products, type Bfloat16Products} from './bfloat16-products.js';
import type {Graph, Value} from './graph.js';
import {dataTypes, type Attribute} from './saved-model.js';
import {productFlops} from './product-flops.js';
import {shapeRule, type OutputShape} from './shape-rules.js';

/** An attribute as the tfjs kernels write it. */
interface KernelAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** What a kernel gets back for an output. */
interface OutputMetadata {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: number;
}

/** Constants of the native binding that kernels read (`TF_FLOAT`, `TF_ATTR_TYPE`, ...). */
export type BindingConstants = Readonly<Record<string, number>>;

/** A binding that computes nothing: kernels that call it append nodes to a graph. */
export interface SymbolicBinding extends ReducingBackend {
  /** To be put in the place of the native binding. */
  readonly binding: object;
  /** Gives a value of the graph a tensor id. */
  bind(value: Value): OutputMetadata;
  /** The value behind a tensor id. */
  valueOf(id: number): Value;
  /** FLOP of all products so far, see `productFlops`. */
  flops(): number;
}

/** Integer constants up to this length are kept readable, since shapes depend on them. */
const readableLength = 64;

/**
 * Stands where tfjs's native binding stands: the same kernels, with TensorFlow's own operation names and attributes,
 * describe a graph instead of computing. Shapes come from rules; no tensor memory is used.
 */
export function symbolicBinding(
  graph: Graph,
  constants: BindingConstants,
  precision: Precision,
): SymbolicBinding {
  const products = precision === 'bf16' ? bfloat16Products(graph) : undefined;
  const values = new Map<number, Value>();
  let nextId = 0;
  let flops = 0;
  const target = {graph, constants, products, count: (more: number) => void (flops += more)};
  const bind = (value: Value): OutputMetadata => {
    const id = nextId++;
    values.set(id, value);
    return {id, shape: value.shape, dtype: value.dtype};
  };
  const valueOf = (id: number): Value => {
    const value = values.get(id);
    if (value === undefined) throw new BugError(`capture: expected a tensor of this recording, got id ${id}`);
    return value;
  };
  const binding = {
    ...constants,
    isUsingGpuDevice: () => false,
    createTensor: (shape: number[], dtype: number, data: ArrayLike<number>) =>
      bind(constantValue(graph, shape, dtype, data)).id,
    deleteTensor: () => {},
    tensorDataSync: (id: number) => readConstant(valueOf(id)),
    executeOp: (
      op: string,
      attributes: readonly KernelAttribute[],
      ids: readonly number[],
      outputs: number,
    ) => append(target, {op, attributes, inputs: ids.map(valueOf), outputs}).map(bind),
  };
  const reduceProducts = <T>(compute: () => T): T => (products ? products.scope(compute) : compute());
  return {binding, bind, valueOf, reduceProducts, flops: () => flops};
}

interface Operation {
  readonly op: string;
  readonly attributes: readonly KernelAttribute[];
  readonly inputs: readonly Value[];
  readonly outputs: number;
}

interface Target {
  readonly graph: Graph;
  readonly constants: BindingConstants;
  readonly products: Bfloat16Products | undefined;
  /** Told the FLOP of each operation. */
  readonly count: (flops: number) => void;
}

function append({graph, constants, products, count}: Target, operation: Operation): Value[] {
  const {op, inputs, outputs} = operation;
  const rule = shapeRule(op);
  if (rule === undefined) {
    throw new BugError(`capture: expected an operation with a shape rule, got ${op} (called by ${caller()})`);
  }
  const raw = Object.fromEntries(operation.attributes.map(({name, value}) => [name, value]));
  const shapes = rule(inputs, raw).slice(0, outputs);
  count(productFlops({op, inputs, attributes: raw, shape: shapes[0]!.shape}));
  const emitted = {...emittedForm(operation, constants), inputs, shape: shapes[0]!.shape};
  const refs = inputs.map(({ref}) => ref);
  const name = products?.append(emitted) ?? graph.add(emitted.op, refs, emitted.attributes);
  return shapes.map((output, i) => outputValue(name, i, output));
}

function outputValue(name: string, index: number, {shape, dtype}: OutputShape): Value {
  return {ref: index === 0 ? name : `${name}:${index}`, shape, dtype};
}

/**
 * TensorFlow's optimiser fuses MatMul + BiasAdd + activation, and knows them by these names only: a product of
 * matrices goes out as MatMul, and a sum with a vector along the last axis as BiasAdd.
 */
function emittedForm({op, attributes, inputs}: Operation, constants: BindingConstants) {
  const converted = Object.fromEntries(attributes.map((each) => [each.name, attribute(each, constants)]));
  const [a, b] = inputs;
  if (op === 'BatchMatMulV2' && a!.shape.length === 2 && b!.shape.length === 2) {
    const {T, adj_x: transposeA, adj_y: transposeB} = converted;
    return {op: 'MatMul', attributes: {T: T!, transpose_a: transposeA!, transpose_b: transposeB!}};
  }
  if (/^Add(V2)?$/.test(op) && isBias(a!, b!)) {
    return {op: 'BiasAdd', attributes: {T: converted['T']!, data_format: {s: 'NHWC'}}};
  }
  // tfjs leaves this type out, which a graph may not
  if (op === 'ExpandDims') return {op, attributes: {...converted, T: {type: a!.dtype}}};
  return {op, attributes: converted};
}

function isBias(x: Value, bias: Value): boolean {
  return (
    x.dtype === dataTypes.float32 &&
    bias.shape.length === 1 &&
    x.shape.length === 2 &&
    x.shape[1] === bias.shape[0]
  );
}

function attribute({name, type, value}: KernelAttribute, constants: BindingConstants): Attribute {
  switch (type) {
    case constants['TF_ATTR_TYPE']:
      return Array.isArray(value) ? {types: value as number[]} : {type: Number(value)};
    case constants['TF_ATTR_SHAPE']:
      return {shape: value as number[]};
    case constants['TF_ATTR_STRING']:
      return {s: String(value)};
    case constants['TF_ATTR_INT']:
      return Array.isArray(value) ? {ints: value as number[]} : {i: Number(value)};
    case constants['TF_ATTR_FLOAT']:
      return {f: Number(value)};
    case constants['TF_ATTR_BOOL']:
      return {b: Boolean(value)};
    default:
      throw new BugError(`capture: expected a known kind of attribute, got ${type} for ${name}`);
  }
}

function constantValue(
  graph: Graph,
  shape: readonly number[],
  dtype: number,
  data: ArrayLike<number>,
): Value {
  const typed = typedElements(data, dtype);
  const bytes = new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength);
  const ref = graph.constant({dtype, shape, bytes: bytes.slice()});
  const readable = typed instanceof Int32Array && typed.length <= readableLength;
  return {ref, shape, dtype, ...(readable && {constant: typed.slice()})};
}

function typedElements(data: ArrayLike<number>, dtype: number): Float32Array | Int32Array | Uint8Array {
  if (dtype === dataTypes.float32) return data instanceof Float32Array ? data : Float32Array.from(data);
  if (dtype === dataTypes.int32) return data instanceof Int32Array ? data : Int32Array.from(data);
  if (dtype === dataTypes.bool) return data instanceof Uint8Array ? data : Uint8Array.from(data);
  throw new BugError(`capture: expected a float32, int32 or bool constant, got type ${dtype}`);
}

function readConstant({ref, constant}: Value): Int32Array {
  if (constant !== undefined) return constant;
  throw new BugError(
    `capture: expected a step that reads no value on the host, got a read of ${ref} by ${caller()}`,
  );
}

/** The place in our own sources that asked: the first line of the stack outside the capture and the packages. */
function caller(): string {
  const lines = (new Error().stack ?? '').split('\n').slice(1);
  const own = lines.find((line) => !/node_modules|engine\/capture|node:internal/.test(line));
  return own?.trim().replace(/^at /, '') ?? 'an unknown place';
}
