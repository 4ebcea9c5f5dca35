import {BugError} from '../../support/errors.js';
import {dataTypes} from './saved-model.js';

/** What a shape rule sees of an input. */
export interface RuleInput {
  readonly shape: readonly number[];
  readonly dtype: number;
  readonly constant?: Int32Array;
}

/** Attribute values of an operation, by name, as tfjs hands them over. */
export type RuleAttributes = Readonly<Record<string, unknown>>;

export interface OutputShape {
  readonly shape: readonly number[];
  readonly dtype: number;
}

export type ShapeRule = (inputs: readonly RuleInput[], attributes: RuleAttributes) => readonly OutputShape[];

/** The rule of a TensorFlow operation; undefined when none is known. */
export function shapeRule(op: string): ShapeRule | undefined {
  return rules.get(op);
}

const same: ShapeRule = ([x]) => [{shape: x!.shape, dtype: x!.dtype}];

const broadcast: ShapeRule = ([a, b]) => [{shape: broadcastShapes(a!.shape, b!.shape), dtype: a!.dtype}];

const comparison: ShapeRule = ([a, b]) => [
  {shape: broadcastShapes(a!.shape, b!.shape), dtype: dataTypes.bool},
];

const predicate: ShapeRule = ([x]) => [{shape: x!.shape, dtype: dataTypes.bool}];

const reduction: ShapeRule = ([x, axes], {keep_dims: keepDims}) => {
  const reduced = new Set(Array.from(constantOf(axes, 'axes'), (axis) => positive(axis, x!.shape.length)));
  const shape = keepDims
    ? x!.shape.map((size, axis) => (reduced.has(axis) ? 1 : size))
    : x!.shape.filter((_, axis) => !reduced.has(axis));
  return [{shape, dtype: x!.dtype}];
};

const argument: ShapeRule = ([x, axis], {output_type: type}) => {
  const removed = positive(constantOf(axis, 'axis')[0]!, x!.shape.length);
  return [{shape: x!.shape.filter((_, i) => i !== removed), dtype: Number(type ?? dataTypes.int32)}];
};

const matMul: ShapeRule = ([a, b], {transpose_a: transposeA, transpose_b: transposeB}) => [
  {shape: [a!.shape[transposeA ? 1 : 0]!, b!.shape[transposeB ? 0 : 1]!], dtype: a!.dtype},
];

const batchMatMul: ShapeRule = ([a, b], {adj_x: adjointA, adj_y: adjointB}) => {
  const batch = broadcastShapes(a!.shape.slice(0, -2), b!.shape.slice(0, -2));
  const rows = a!.shape.at(adjointA ? -1 : -2)!;
  const columns = b!.shape.at(adjointB ? -2 : -1)!;
  return [{shape: [...batch, rows, columns], dtype: a!.dtype}];
};

const reshape: ShapeRule = ([x, target]) => {
  const wanted = Array.from(constantOf(target, 'shape'));
  const known = wanted.filter((size) => size !== -1).reduce((a, b) => a * b, 1);
  const shape = wanted.map((size) => (size === -1 ? elements(x!.shape) / known : size));
  return [{shape, dtype: x!.dtype}];
};

const transpose: ShapeRule = ([x, permutation]) => [
  {shape: Array.from(constantOf(permutation, 'perm'), (axis) => x!.shape[axis]!), dtype: x!.dtype},
];

const concat: ShapeRule = (inputs) => {
  const parts = inputs.slice(0, -1);
  const axis = positive(constantOf(inputs.at(-1), 'axis')[0]!, parts[0]!.shape.length);
  const total = parts.reduce((sum, part) => sum + part.shape[axis]!, 0);
  return [{shape: parts[0]!.shape.map((size, i) => (i === axis ? total : size)), dtype: parts[0]!.dtype}];
};

const pack: ShapeRule = (inputs, {axis}) => {
  const [first] = inputs;
  const at = positive(Number(axis ?? 0), first!.shape.length + 1);
  return [
    {shape: [...first!.shape.slice(0, at), inputs.length, ...first!.shape.slice(at)], dtype: first!.dtype},
  ];
};

const unpack: ShapeRule = ([x], {axis, num}) => {
  const at = positive(Number(axis ?? 0), x!.shape.length);
  const part = {shape: x!.shape.filter((_, i) => i !== at), dtype: x!.dtype};
  return Array.from({length: Number(num)}, () => part);
};

const slice: ShapeRule = ([x, begin, size]) => {
  const from = constantOf(begin, 'begin');
  const sizes = constantOf(size, 'size');
  return [{shape: x!.shape.map((all, i) => (sizes[i] === -1 ? all - from[i]! : sizes[i]!)), dtype: x!.dtype}];
};

/** Masks are resolved by tfjs before the operation is called: begin, end and strides are plain. */
const stridedSlice: ShapeRule = ([x, begin, end, strides]) => {
  const [from, to, by] = [constantOf(begin, 'begin'), constantOf(end, 'end'), constantOf(strides, 'strides')];
  const shape = x!.shape.map((_, i) => Math.max(0, Math.ceil((to[i]! - from[i]!) / by[i]!)));
  return [{shape, dtype: x!.dtype}];
};

const split: ShapeRule = (inputs, {num_split: count}) => {
  const [x, sizes, axis] = inputs;
  const at = positive(constantOf(axis, 'axis')[0]!, x!.shape.length);
  const parts = constantOf(sizes, 'sizes');
  return Array.from({length: Number(count)}, (_, part) => ({
    shape: x!.shape.map((size, i) => (i === at ? parts[part]! : size)),
    dtype: x!.dtype,
  }));
};

const tile: ShapeRule = ([x, multiples]) => {
  const times = constantOf(multiples, 'multiples');
  return [{shape: x!.shape.map((size, i) => size * times[i]!), dtype: x!.dtype}];
};

const pad: ShapeRule = ([x, paddings]) => {
  const around = constantOf(paddings, 'paddings');
  return [{shape: x!.shape.map((size, i) => size + around[2 * i]! + around[2 * i + 1]!), dtype: x!.dtype}];
};

const gather: ShapeRule = ([params, indices, axis]) => {
  const at = positive(constantOf(axis, 'axis')[0]!, params!.shape.length);
  const shape = [...params!.shape.slice(0, at), ...indices!.shape, ...params!.shape.slice(at + 1)];
  return [{shape, dtype: params!.dtype}];
};

const segmentSum: ShapeRule = ([data, ids, count]) => [
  {
    shape: [constantOf(count, 'num_segments')[0]!, ...data!.shape.slice(ids!.shape.length)],
    dtype: data!.dtype,
  },
];

const oneHot: ShapeRule = ([indices, depth, on]) => [
  {shape: [...indices!.shape, constantOf(depth, 'depth')[0]!], dtype: on!.dtype},
];

const select: ShapeRule = ([condition, a, b]) => {
  const shape = broadcastShapes(condition!.shape, broadcastShapes(a!.shape, b!.shape));
  return [{shape, dtype: a!.dtype}];
};

const cast: ShapeRule = ([x], {DstT: type}) => [{shape: x!.shape, dtype: Number(type)}];

const fill: ShapeRule = ([dims, value]) => [
  {shape: Array.from(constantOf(dims, 'dims')), dtype: value!.dtype},
];

const expandDims: ShapeRule = ([x, axis]) => {
  const at = positive(constantOf(axis, 'axis')[0]!, x!.shape.length + 1);
  return [{shape: [...x!.shape.slice(0, at), 1, ...x!.shape.slice(at)], dtype: x!.dtype}];
};

const conv2d: ShapeRule = ([x, filter], attributes) => {
  const [height, width] = windowOutput(x!.shape, filter!.shape.slice(0, 2), attributes);
  return [{shape: [x!.shape[0]!, height, width, filter!.shape[3]!], dtype: x!.dtype}];
};

const shapedByInput =
  (index: number, dataIndex: number): ShapeRule =>
  (inputs) => [{shape: Array.from(constantOf(inputs[index], 'sizes')), dtype: inputs[dataIndex]!.dtype}];

const pool: ShapeRule = ([x], attributes) => {
  const window = (attributes['ksize'] as number[]).slice(1, 3);
  const [height, width] = windowOutput(x!.shape, window, attributes);
  return [{shape: [x!.shape[0]!, height, width, x!.shape[3]!], dtype: x!.dtype}];
};

const batchNorm: ShapeRule = ([x, scale]) => {
  const channel = {shape: scale!.shape, dtype: scale!.dtype};
  return [
    {shape: x!.shape, dtype: x!.dtype},
    channel,
    channel,
    channel,
    channel,
    {shape: [0], dtype: scale!.dtype},
  ];
};

const batchNormGradient: ShapeRule = ([, x, scale]) => {
  const channel = {shape: scale!.shape, dtype: scale!.dtype};
  const empty = {shape: [0], dtype: scale!.dtype};
  return [{shape: x!.shape, dtype: x!.dtype}, channel, channel, empty, empty];
};

const rules: ReadonlyMap<string, ShapeRule> = new Map<string, ShapeRule>([
  ...named(
    same,
    'Abs Ceil Cos Elu Erf Exp Expm1 Floor Identity Log Log1p LogSoftmax LogicalNot Neg OnesLike Reciprocal Relu Relu6',
    'Round Rsqrt Selu Sigmoid Sign Sin Softmax Softplus Sqrt Square Tan Tanh ZerosLike Cumsum ReluGrad EluGrad',
    'BiasAdd ClipByValue ReverseV2',
  ),
  ...named(
    broadcast,
    'Add AddV2 Sub Mul Div RealDiv DivNoNan FloorDiv FloorMod Maximum Minimum Pow SquaredDifference',
  ),
  ...named(broadcast, 'LogicalAnd LogicalOr'),
  ...named(comparison, 'Equal NotEqual Less LessEqual Greater GreaterEqual'),
  ...named(predicate, 'IsFinite IsInf IsNan'),
  ...named(reduction, 'Sum Mean Max Min Prod All Any'),
  ...named(argument, 'ArgMax ArgMin'),
  ...named(select, 'Select SelectV2'),
  ...named(shapedByInput(0, 1), 'Conv2DBackpropInput AvgPoolGrad'),
  ...named(shapedByInput(1, 0), 'Conv2DBackpropFilter'),
  ...named(pool, 'AvgPool MaxPool'),
  ...named(pad, 'Pad PadV2'),
  ['AddN', same],
  ['MatMul', matMul],
  ['BatchMatMulV2', batchMatMul],
  ['Reshape', reshape],
  ['Transpose', transpose],
  ['ConcatV2', concat],
  ['Pack', pack],
  ['Unpack', unpack],
  ['Slice', slice],
  ['SplitV', split],
  ['StridedSlice', stridedSlice],
  ['Tile', tile],
  ['GatherV2', gather],
  ['UnsortedSegmentSum', segmentSum],
  ['OneHot', oneHot],
  ['Cast', cast],
  ['Fill', fill],
  ['ExpandDims', expandDims],
  ['Conv2D', conv2d],
  ...named(batchNorm, 'FusedBatchNorm FusedBatchNormV3'),
  ['FusedBatchNormGradV3', batchNormGradient],
]);

function named(rule: ShapeRule, ...names: readonly string[]): [string, ShapeRule][] {
  return names.flatMap((line) => line.split(' ')).map((name) => [name, rule]);
}

/** NumPy's broadcasting of two shapes. */
export function broadcastShapes(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({length: rank}, (_, i) => {
    const sizeA = a[a.length - rank + i] ?? 1;
    const sizeB = b[b.length - rank + i] ?? 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) {
      throw new BugError(`broadcast: expected shapes that fit, got [${a.join(', ')}] and [${b.join(', ')}]`);
    }
    return sizeA === 1 ? sizeB : sizeA;
  });
}

/** Height and width after a sliding window over [n, h, w, c]. */
function windowOutput(
  shape: readonly number[],
  window: readonly number[],
  {strides, padding, explicit_paddings: explicit, dilations}: RuleAttributes,
): [number, number] {
  const along = (axis: 1 | 2): number => {
    const stride = (strides as number[])[axis]!;
    const dilation = (dilations as number[] | undefined)?.[axis] ?? 1;
    const reach = (window[axis - 1]! - 1) * dilation + 1;
    const size = shape[axis]!;
    if (padding === 'SAME') return Math.ceil(size / stride);
    const around = padding === 'EXPLICIT' ? (explicit as number[]).slice(2 * axis, 2 * axis + 2) : [0, 0];
    return Math.floor((size + around[0]! + around[1]! - reach) / stride) + 1;
  };
  return [along(1), along(2)];
}

function constantOf(input: RuleInput | undefined, what: string): Int32Array {
  if (input?.constant === undefined) {
    throw new BugError(`shape rule: expected ${what} as a constant, got a computed value`);
  }
  return input.constant;
}

function positive(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
