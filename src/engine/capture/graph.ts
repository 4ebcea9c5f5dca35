import {BugError} from '../../support/errors.js';
import type {Attribute, ConstantTensor, GraphNode} from './saved-model.js';

/** A value inside a graph: where it comes from, and what is known of it without computing. */
export interface Value {
  /** `node` or `node:output`. */
  readonly ref: string;
  readonly shape: readonly number[];
  /** TensorFlow's number of the element type. */
  readonly dtype: number;
  /** The elements of small integer constants, which shapes depend on. */
  readonly constant?: Int32Array;
}

/** A TensorFlow graph that grows node by node. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  /** Appends a node; without a name it gets the next number. Returns the name. */
  add(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>>,
    name?: string,
  ): string;
  /** Appends a constant, once for equal ones: returns the name. */
  constant(tensor: ConstantTensor): string;
}

/** Constants up to this size are looked up before they are added again. */
const sharedConstantBytes = 256;

/** An empty graph. */
export function createGraph(): Graph {
  const nodes: GraphNode[] = [];
  const names = new Set<string>();
  const constants = new Map<string, string>();
  const add: Graph['add'] = (op, inputs, attributes, name = `n${nodes.length}`) => {
    if (names.has(name)) throw new BugError(`graph: expected a new node name, got ${name} again`);
    names.add(name);
    nodes.push({name, op, inputs, attributes});
    return name;
  };
  const addConstant = (tensor: ConstantTensor) =>
    add('Const', [], {dtype: {type: tensor.dtype}, value: {tensor}});
  return {
    nodes,
    add,
    constant(tensor) {
      if (tensor.bytes.length > sharedConstantBytes) return addConstant(tensor);
      const key = `${tensor.dtype} ${tensor.shape.join(',')} ${Buffer.from(tensor.bytes).toString('base64')}`;
      const known = constants.get(key);
      if (known !== undefined) return known;
      const name = addConstant(tensor);
      constants.set(key, name);
      return name;
    },
  };
}
