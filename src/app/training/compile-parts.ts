import {compileStep, type CompileMode} from '../../engine/compile.js';
import type {CompiledStep, CompileOptions, Step} from '../../engine/step.js';
import {isDecayed} from '../../engine/weight-decay.js';
import type {RunSizes} from '../../methods/contract/method.js';
import {
  extraWeights,
  firstState,
  constantsOf,
  trainsWeight,
  type Part,
} from '../../methods/contract/parts.js';
import {partsStep} from '../../methods/contract/parts-step.js';
import type {ClipModel} from '../../model/clip-model.js';
import {towerOf} from '../../model/tower-weights.js';
import type {Plan} from '../../recipe/plan.js';
import {UserError} from '../../support/errors.js';

/** What decides the updates of a run. */
type Updates = Pick<
  Plan['train'],
  'beta1' | 'beta2' | 'epsilon' | 'weightDecay' | 'clipNorm' | 'frozen' | 'microBatch'
> &
  Pick<Plan, 'seed'> & {readonly sizes?: RunSizes | undefined};

/** A training step and all that it is compiled with. */
export interface StepProgram {
  readonly step: Step;
  readonly options: CompileOptions;
}

/**
 * The training step of methods on a model, with the decay groups of S-CLIP and its clamp of the logit scale.
 * @throws UserError when nothing is left to train
 */
export function stepProgram(
  parts: readonly Part[],
  {config, weights, state}: ClipModel,
  updates: Updates,
): StepProgram {
  const {beta1, beta2, epsilon, weightDecay, clipNorm, frozen, microBatch, seed, sizes} = updates;
  const start = {...weights, ...state};
  const extras = extraWeights(parts, config, seed, sizes);
  const all = {...weights, ...extras};
  // whole towers are frozen: embeddings, norms and projections too, not the transformer blocks alone
  const trained = [
    ...Object.keys(weights).filter((name) => towerOf(name) !== frozen && trainsWeight(parts, name)),
    ...Object.keys(extras),
  ];
  if (trained.length === 0) {
    const names = parts.map(({method}) => method.name).join(' with ');
    throw new UserError(`${names}: expected weights that train, got none with --frozen ${frozen}`);
  }
  return {
    step: partsStep(parts, config, {microBatch: microBatch ?? undefined}),
    options: {
      weights: all,
      constants: constantsOf(parts, start),
      trained: new Set(trained),
      decayed: new Set(trained.filter((name) => isDecayed(name, all[name]!.shape.length))),
      state: {...state, ...firstState(parts, config, start, sizes)},
      optimizer: {beta1, beta2, epsilon, weightDecay},
      ...(clipNorm !== null && {clipNorm}),
      clamped: {logit_scale: [0, Math.log(100)] as const},
    },
  };
}

/** {@link stepProgram}, ready to run on the engine that was started. The caller disposes it. */
export function compileParts(
  parts: readonly Part[],
  model: ClipModel,
  updates: Updates,
  mode: CompileMode,
): CompiledStep {
  const {step, options} = stepProgram(parts, model, updates);
  return compileStep(step, options, mode);
}
