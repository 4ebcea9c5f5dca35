import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {BugError} from '../../support/errors.js';
import type {HostArray} from '../step.js';
import type {Held} from './recording.js';
import {dataTypes, encodeSavedModel, type GraphNode} from './saved-model.js';

/** The native calls that a session needs. */
interface SessionBinding {
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  runSavedModel(
    id: number,
    inputs: number[],
    inputNames: string,
    outputNames: string,
  ): {id: number; shape: number[]}[];
  createTensor(shape: readonly number[], dtype: number, data: HostArray['data']): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): unknown;
}

/** A TensorFlow session over one graph. What is fed and fetched is named by nodes. */
export interface Session {
  run(feeds: Readonly<Record<string, HostArray>>, fetches: readonly string[]): HostArray[];
  dispose(): void;
}

/** Loads a graph into a session of the TensorFlow engine. */
export function openSession(nodes: readonly GraphNode[]): Session {
  const {binding} = tf.findBackend('tensorflow') as unknown as {binding: SessionBinding};
  const id = load(binding, nodes);
  return {
    run: (feeds, fetches) => runOnce(binding, id, {feeds, fetches}),
    dispose: () => binding.deleteSavedModel(id),
  };
}

/** Bytes of values that are on their way into a session at a time: each is there twice until it has arrived. */
const transferBytes = 64 * 2 ** 20;

/** Sets variables of a session. */
export function setVariables(session: Session, values: readonly (readonly [Held, HostArray])[]): void {
  let group: [Held, HostArray][] = [];
  const send = () => {
    if (group.length === 0) return;
    const feeds = Object.fromEntries(group.map(([{placeholder}, value]) => [placeholder, value]));
    session.run(
      feeds,
      group.map(([{written}]) => written),
    );
    group = [];
  };
  let bytes = 0;
  for (const [held, value] of values) {
    if (bytes + value.data.byteLength > transferBytes) {
      send();
      bytes = 0;
    }
    group.push([held, value]);
    bytes += value.data.byteLength;
  }
  send();
}

/** TensorFlow reads graphs from folders; the folder is gone as soon as it was read. */
function load(binding: SessionBinding, nodes: readonly GraphNode[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'fewclip-graph-'));
  try {
    writeFileSync(join(folder, 'saved_model.pb'), encodeSavedModel(nodes));
    return binding.loadSavedModel(folder, 'serve');
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

interface Call {
  readonly feeds: Readonly<Record<string, HostArray>>;
  readonly fetches: readonly string[];
}

function runOnce(binding: SessionBinding, id: number, {feeds, fetches}: Call): HostArray[] {
  const names = Object.keys(feeds);
  const inputs = Object.values(feeds).map(({shape, data}) =>
    binding.createTensor(
      shape,
      data instanceof Int32Array ? dataTypes.int32 : dataTypes.float32,
      unaligned(data),
    ),
  );
  try {
    const outputs = binding.runSavedModel(id, inputs, names.join(','), fetches.join(','));
    return outputs.map(({id: output, shape}) => {
      const data = binding.tensorDataSync(output);
      binding.deleteTensor(output);
      if (data instanceof Float32Array || data instanceof Int32Array) return {shape, data: data.slice()};
      throw new BugError(
        `session: expected float32 or int32 outputs, got another type from ${fetches.join(', ')}`,
      );
    });
  } finally {
    for (const input of inputs) binding.deleteTensor(input);
  }
}

/**
 * The same values at an address that TensorFlow has to copy from. It keeps arrays that happen to be aligned for vector
 * instructions as they are; a variable set from one would give it back to Node from a thread of TensorFlow, which
 * corrupts memory.
 */
function unaligned(data: HostArray['data']): HostArray['data'] {
  if (data.byteOffset % 8 !== 0) return data;
  const [Kind, offset] = [data instanceof Int32Array ? Int32Array : Float32Array, data.BYTES_PER_ELEMENT];
  const view = new Kind(new ArrayBuffer(offset + data.byteLength), offset, data.length);
  view.set(data);
  return view;
}
