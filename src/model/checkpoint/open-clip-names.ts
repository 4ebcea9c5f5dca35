import {towerOf} from '../tower-weights.js';
import {wholeTensor, type TensorRecipe} from './tensor-recipe.js';

/** How a tensor is stored in an OpenCLIP file, whose names are ours but for `textPrefix`; the shape is ours. */
export function openClipRecipe(name: string, shape: readonly number[], textPrefix: string): TensorRecipe {
  return wholeTensor(towerOf(name) === 'text' ? textPrefix + name : name, shape);
}

/** OpenCLIP's `CustomTextCLIP` keeps the text tower under `text.`, plain `CLIP` at the top. */
export function textPrefixOf(names: ReadonlyMap<string, unknown>): string {
  return names.has('text.token_embedding.weight') ? 'text.' : '';
}

/** Tensors of such files that hold no weight: step counters of batch norm, and constants of converted archives. */
export function isOpenClipConstant(name: string): boolean {
  return isBatchCounter(name) || constants.has(name.replace(/^text\./, ''));
}

/** The I64 scalar that PyTorch's batch norm counts its training steps in; it does not change what CLIP computes. */
export function isBatchCounter(name: string): boolean {
  return name.endsWith('.num_batches_tracked');
}

const constants = new Set(['attn_mask', 'context_length', 'input_resolution', 'vocab_size']);
