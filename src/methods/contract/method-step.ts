import type {z} from 'zod';
import type {Step} from '../../engine/step.js';
import type {ClipConfig} from '../../model/clip-config.js';
import {createEncoders} from '../../model/encoders.js';
import {batchView} from './batch-view.js';
import type {Method, Needs} from './method.js';
import {total} from './total.js';

/**
 * The training step of a method: both towers in training mode, the declared part of the batch, the weighted sum of
 * the terms.
 * @param params as parsed by the method's own schema
 * @param options.microBatch rows that the towers take at a time, for less memory; the objective stays that of the batch
 */
export function methodStep<N extends Needs, S extends z.ZodObject>(
  method: Method<N, S>,
  params: z.output<S>,
  config: ClipConfig,
  {microBatch}: {readonly microBatch?: number | undefined} = {},
): Step {
  return (weights, state, batch) => {
    const encode = createEncoders(config, weights, state, {training: true, microBatch});
    const objective = method.objective({encode, batch: batchView(batch, method.needs), params});
    return {...total(objective), state: encode.nextState()};
  };
}
