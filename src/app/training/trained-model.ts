import {createHash} from 'node:crypto';
import type {CompiledStep, HostArray} from '../../engine/step.js';
import type {ClipModel} from '../../model/clip-model.js';

/** A model without what training changes. */
export type ModelFrame = Pick<ClipModel, 'config' | 'source'>;

/** The model with the weights and running statistics that the step holds now. */
export function withWeights(model: ModelFrame, compiled: CompiledStep): ClipModel {
  const read = (kind: string) =>
    Object.fromEntries(
      compiled
        .names()
        .filter((name) => name.startsWith(`${kind}/`))
        .map((name) => [name.slice(kind.length + 1), compiled.read(name)]),
    );
  return {...model, weights: read('weights'), state: read('state')};
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
