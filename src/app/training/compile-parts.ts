import {compileStep, type CompileMode} from '../../engine/compile.js';
import type {CompiledStep} from '../../engine/step.js';
import {isDecayed} from '../../engine/weight-decay.js';
import type {RunSizes} from '../../methods/contract/method.js';
import {
  extraWeights,
  firstState,
  startConstants,
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

/**
 * The training step of methods on a model, with the decay groups of S-CLIP and its clamp of the logit scale.
 * @throws UserError when nothing is left to train
 */
export function compileParts(
  parts: readonly Part[],
  {config, weights, state}: ClipModel,
  updates: Updates,
  mode: CompileMode,
): CompiledStep {
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
  return compileStep(
    partsStep(parts, config, {microBatch: microBatch ?? undefined}),
    {
      weights: all,
      constants: startConstants(parts, start),
      trained: new Set(trained),
      decayed: new Set(trained.filter((name) => isDecayed(name, all[name]!.shape.length))),
      state: {...state, ...firstState(parts, config, start, sizes)},
      optimizer: {beta1, beta2, epsilon, weightDecay},
      ...(clipNorm !== null && {clipNorm}),
      clamped: {logit_scale: [0, Math.log(100)] as const},
    },
    mode,
  );
}
