import {compileStep, type CompileMode} from '../../engine/compile.js';
import type {CompiledStep} from '../../engine/step.js';
import {isDecayed} from '../../engine/weight-decay.js';
import type {Method} from '../../methods/contract/method.js';
import {methodStep} from '../../methods/contract/method-step.js';
import type {ClipModel} from '../../model/clip-model.js';
import type {Plan} from '../../recipe/plan.js';

/** What decides the updates of a run. */
type Updates = Pick<
  Plan['train'],
  'beta1' | 'beta2' | 'epsilon' | 'weightDecay' | 'clipNorm' | 'frozen' | 'microBatch'
>;

/** The training step of a method on a model, with the decay groups of S-CLIP and its clamp of the logit scale. */
export function compileMethod(
  {method, params}: {readonly method: Method; readonly params: Readonly<Record<string, unknown>>},
  {config, weights, state}: ClipModel,
  updates: Updates,
  mode: CompileMode,
): CompiledStep {
  const {beta1, beta2, epsilon, weightDecay, clipNorm, frozen, microBatch} = updates;
  const trained = Object.keys(weights).filter((name) => !isFrozen(name, frozen));
  const step = methodStep(method, params, config, {microBatch: microBatch ?? undefined});
  const options = {
    weights,
    trained: new Set(trained),
    decayed: new Set(trained.filter((name) => isDecayed(name, weights[name]!.shape.length))),
    state,
    optimizer: {beta1, beta2, epsilon, weightDecay},
    ...(clipNorm !== null && {clipNorm}),
    clamped: {logit_scale: [0, Math.log(100)] as const},
  };
  return compileStep(step, options, mode);
}

/** Whole towers are frozen: embeddings, norms and projections too, not the transformer blocks alone. */
function isFrozen(name: string, frozen: Updates['frozen']): boolean {
  if (frozen === 'none' || name === 'logit_scale') return false;
  return (frozen === 'image') === name.startsWith('visual.');
}
