import type {Graph, Value} from './graph.js';
import {dataTypes, type Attribute} from './saved-model.js';

/** An operation as it goes into the graph. */
export interface EmittedOperation {
  readonly op: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly inputs: readonly Value[];
  /** Of its first output. */
  readonly shape: readonly number[];
}

/** Decides which products are taken in bfloat16, and appends them. */
export interface Bfloat16Products {
  /** Runs what may be reduced; the gradients of its products are recognised by their operands. */
  scope<T>(compute: () => T): T;
  /** Appends a product with casts around it and returns its node; undefined when it is to stay as it is. */
  append(operation: EmittedOperation): string | undefined;
}

const products = new Set(['MatMul', 'BatchMatMulV2']);

/**
 * Matrix products with operands and result in bfloat16 and sums in float32. A product is taken so when it is recorded
 * within a scope, or shares an operand with one that was: the gradients of a product multiply its operands again.
 * Products with a vector stay: they save nothing and are often means.
 */
export function bfloat16Products(graph: Graph): Bfloat16Products {
  const operands = new Set<string>();
  const casts = new Map<string, string>();
  let depth = 0;

  const cast = (ref: string, from: number, to: number) =>
    graph.add('Cast', [ref], {SrcT: {type: from}, DstT: {type: to}, Truncate: {b: false}});
  const reduced = (ref: string): string => {
    const known = casts.get(ref) ?? cast(ref, dataTypes.float32, dataTypes.bfloat16);
    casts.set(ref, known);
    return known;
  };
  return {
    scope(compute) {
      depth++;
      try {
        return compute();
      } finally {
        depth--;
      }
    },
    append({op, attributes, inputs, shape}) {
      const refs = inputs.map(({ref}) => ref);
      const isMeant = depth > 0 || refs.some((ref) => operands.has(ref));
      if (!products.has(op) || !isMeant || isVector(shape)) return undefined;
      for (const ref of refs) operands.add(ref);
      const type = {T: {type: dataTypes.bfloat16}};
      const product = graph.add(op, refs.map(reduced), {...attributes, ...type});
      return cast(product, dataTypes.bfloat16, dataTypes.float32);
    },
  };
}

function isVector(shape: readonly number[]): boolean {
  return shape.at(-1) === 1 || shape.at(-2) === 1;
}
