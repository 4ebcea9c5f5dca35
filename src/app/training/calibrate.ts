import * as tf from '@tensorflow/tfjs-core';
import {toTensors} from '../../engine/host-array.js';
import type {CompiledStep, HostArrays} from '../../engine/step.js';
import {constantsOf, type Part} from '../../methods/contract/parts.js';
import {calibrated} from '../../methods/contract/parts-step.js';
import type {ClipConfig} from '../../model/clip-config.js';
import {heldEntries} from './trained-model.js';

/** Before the first step: sets the weights that methods read off its batch; nothing where none does. */
export async function calibrate(
  compiled: CompiledStep,
  {parts, config}: {readonly parts: readonly Part[]; readonly config: ClipConfig},
  firstBatch: () => Promise<HostArrays>,
): Promise<void> {
  if (!parts.some(({method}) => 'calibrate' in method)) return;
  const batch = await firstBatch();
  const weights = heldEntries(compiled, 'weights');
  const state = heldEntries(compiled, 'state');
  // nothing is trained yet: what is held is the model before the run
  const constants = constantsOf(parts, {...weights, ...state});
  const found: HostArrays[] = [];
  tf.tidy(() => {
    const given = {weights: toTensors({...weights, ...constants}), state: toTensors(state)};
    found.push(calibrated(parts, config, {...given, batch: toTensors(batch), scalars: {}}));
  });
  for (const [name, value] of Object.entries(found[0]!)) compiled.write(`weights/${name}`, value);
}
