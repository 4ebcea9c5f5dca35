import {dataTypes, type GraphNode} from './saved-model.js';
import type {Forward, ForwardHeld} from '../forward.js';
import type {HostArrays, Precision} from '../step.js';
import {recordGraph, type Held} from './recording.js';

/** A recorded function: the graph, and its variables `weights/<name>` and `state/<name>`. */
export interface RecordedForward {
  readonly nodes: readonly GraphNode[];
  readonly held: ReadonlyMap<string, Held>;
}

/** The node that a recorded function is fetched by. */
export const outputNode = 'forward/output';

/** Runs a function once on a backend that computes nothing and returns its TensorFlow graph for batches of one shape. */
export function recordForward(
  forward: Forward,
  {weights, state}: ForwardHeld,
  batch: HostArrays,
  precision: Precision,
): RecordedForward {
  return recordGraph(precision, (recording) => {
    const output = forward(
      recording.variables('weights', weights),
      recording.variables('state', state),
      recording.batch(batch),
    );
    const {graph, held} = recording;
    graph.add('Identity', [recording.valueOf(output).ref], {T: {type: dataTypes.float32}}, outputNode);
    return {nodes: graph.nodes, held};
  });
}
