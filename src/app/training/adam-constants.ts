import type {ClipConfig} from '../../model/clip-config.js';
import type {Plan} from '../../recipe/plan.js';

/** OpenAI's constants for the two families, as open_clip and S-CLIP use them. */
export function adamConstants({vision}: ClipConfig): Pick<Plan['train'], 'beta1' | 'beta2' | 'epsilon'> {
  return vision.kind === 'vit'
    ? {beta1: 0.9, beta2: 0.98, epsilon: 1e-6}
    : {beta1: 0.9, beta2: 0.999, epsilon: 1e-8};
}
