import {createHash} from 'node:crypto';
import * as tf from '@tensorflow/tfjs-core';
import {toHostArray, toTensors} from '../../engine/host-array.js';
import type {CompiledStep, HostArray, HostArrays} from '../../engine/step.js';
import {reweighted, sharedEntries, type Part} from '../../methods/contract/parts.js';
import type {ClipModel} from '../../model/clip-model.js';

/** A model without what training changes. */
export type ModelFrame = Pick<ClipModel, 'config' | 'source'>;

/** The model that the step holds now: weights as the methods make them, running statistics. */
export function trainedModel(model: ModelFrame, parts: readonly Part[], compiled: CompiledStep): ClipModel {
  const weights = heldEntries(compiled, 'weights');
  return {
    ...model,
    weights: parts.some(({method}) => 'reweight' in method)
      ? remade(model, parts, weights)
      : sharedEntries(weights),
    state: sharedEntries(heldEntries(compiled, 'state')),
  };
}

/**
 * A trained model as a method finishes it.
 * @param start weights and running statistics of the model before
 */
export function finishedModel(model: ClipModel, {method, params}: Part, start: HostArrays): ClipModel {
  const {config} = model;
  const given = {...model.weights, ...model.state};
  const trained = {...given, ...method.finish?.({config, params, start, trained: given})};
  const among = (names: HostArrays) =>
    Object.fromEntries(Object.keys(names).map((name) => [name, trained[name]!]));
  return {...model, weights: among(model.weights), state: among(model.state)};
}

function remade({config}: ModelFrame, parts: readonly Part[], all: HostArrays): HostArrays {
  const given = toTensors(all);
  const names = Object.keys(sharedEntries(all));
  try {
    const made = tf.tidy(() => ({...reweighted(parts, config, given)}));
    const arrays = names.map((name): [string, HostArray] => [name, toHostArray(made[name]!)]);
    tf.dispose(made);
    return Object.fromEntries(arrays);
  } finally {
    tf.dispose(given);
  }
}

/** What a step holds of one kind, by its own names. */
export function heldEntries(compiled: CompiledStep, kind: 'weights' | 'state'): HostArrays {
  const names = compiled.names().filter((name) => name.startsWith(`${kind}/`));
  return Object.fromEntries(names.map((name) => [name.slice(kind.length + 1), compiled.read(name)]));
}

/** SHA-256 over all weights and running statistics, by name: equal runs have equal hashes. */
export function weightsHash({weights, state}: ClipModel): string {
  const hash = createHash('sha256');
  for (const arrays of [weights, state]) {
    for (const [name, {data}] of Object.entries(arrays).sort(byName)) {
      hash.update(`${name}\n`).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
  }
  return hash.digest('hex');
}

function byName([a]: [string, HostArray], [b]: [string, HostArray]): number {
  return a < b ? -1 : 1;
}
