import type {HostArrays} from '../engine/step.js';
import {BugError} from '../support/errors.js';

/**
 * WiSE-FT's interpolation (arXiv:2109.01903): (1 - share) * start + share * tuned, for every tensor of the
 * start. Share 0 is the start and share 1 the tuned model, to the bit.
 * @throws BugError when the tuned model lacks one of them, or has it in another shape
 */
export function averageWeights(start: HostArrays, tuned: HostArrays, share: number): HostArrays {
  return Object.fromEntries(
    Object.entries(start).map(([name, {shape, data}]) => {
      const other = tuned[name];
      if (other === undefined || other.shape.join() !== shape.join()) {
        throw new BugError(
          `averageWeights: expected ${name} [${shape.join(', ')}] in both, got [${other?.shape.join(', ') ?? 'none'}]`,
        );
      }
      // a loop: Float32Array.from with a function takes twenty times as long, 2 s for 10 M weights
      const mixed = new Float32Array(data.length);
      for (let i = 0; i < mixed.length; i++) mixed[i] = (1 - share) * data[i]! + share * other.data[i]!;
      return [name, {shape, data: mixed}];
    }),
  );
}
