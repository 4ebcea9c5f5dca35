import {createHash} from 'node:crypto';
import type {EngineInfo} from '../../engine/backend.js';
import type {ClipModel} from '../../model/clip-model.js';

/**
 * SHA-256 over all that decides an embedding but the image or text itself: weights and running statistics, the
 * configuration with its preprocessing, and the engine, whose last bits differ from another's.
 */
export function modelKey(
  {config, weights, state}: Pick<ClipModel, 'config' | 'weights' | 'state'>,
  {name, version, gpu}: EngineInfo,
): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([config, name, version, gpu]));
  for (const arrays of [weights, state]) {
    for (const key of Object.keys(arrays).sort()) {
      const {shape, data} = arrays[key]!;
      hash.update(JSON.stringify([key, shape]));
      hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
  }
  return hash.digest('hex');
}
