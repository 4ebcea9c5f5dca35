import type {CompiledStep, HostArrays} from '../../engine/step.js';
import type {Part} from '../../methods/contract/parts.js';
import type {ClipModel} from '../../model/clip-model.js';
import {heldEntries, trainedModel, type ModelFrame} from './trained-model.js';

/** The model of a run while the run lasts. */
export interface Trainee {
  /** What trains it; undefined in a run that takes no steps. */
  readonly step: CompiledStep | undefined;
  /** The model as it is now. */
  model(): ClipModel;
  /** The methods' own weights as they are now, each named `<method>/<name>`. */
  extras(): HostArrays;
}

/** A model that lies in a training step. */
export function trainingModel(frame: ModelFrame, parts: readonly Part[], step: CompiledStep): Trainee {
  return {
    step,
    model: () => trainedModel(frame, parts, step),
    extras: () =>
      Object.fromEntries(Object.entries(heldEntries(step, 'weights')).filter(([name]) => name.includes('/'))),
  };
}

/** A model that stays as it is. */
export function restingModel(model: ClipModel): Trainee {
  return {step: undefined, model: () => model, extras: () => ({})};
}
