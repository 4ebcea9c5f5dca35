import {BugError} from '../../support/errors.js';
import {wholeTensor, type TensorRecipe} from './tensor-recipe.js';

/** OpenCLIP's name -> Hugging Face's, outside the blocks. `pre_layrnorm` is spelled so there. */
const names: Readonly<Record<string, string>> = {
  logit_scale: 'logit_scale',
  text_projection: 'text_projection.weight',
  'token_embedding.weight': 'text_model.embeddings.token_embedding.weight',
  positional_embedding: 'text_model.embeddings.position_embedding.weight',
  'ln_final.weight': 'text_model.final_layer_norm.weight',
  'ln_final.bias': 'text_model.final_layer_norm.bias',
  'visual.class_embedding': 'vision_model.embeddings.class_embedding',
  'visual.conv1.weight': 'vision_model.embeddings.patch_embedding.weight',
  'visual.positional_embedding': 'vision_model.embeddings.position_embedding.weight',
  'visual.ln_pre.weight': 'vision_model.pre_layrnorm.weight',
  'visual.ln_pre.bias': 'vision_model.pre_layrnorm.bias',
  'visual.ln_post.weight': 'vision_model.post_layernorm.weight',
  'visual.ln_post.bias': 'vision_model.post_layernorm.bias',
  'visual.proj': 'visual_projection.weight',
};

const blockModules: Readonly<Record<string, string>> = {
  ln_1: 'layer_norm1',
  ln_2: 'layer_norm2',
  'attn.out_proj': 'self_attn.out_proj',
  'mlp.c_fc': 'mlp.fc1',
  'mlp.c_proj': 'mlp.fc2',
};

const inBlock = /^(visual\.)?transformer\.resblocks\.(\d+)\.(.+)[._](weight|bias)$/;
const projections = new Set(['visual.proj', 'text_projection']);

/** How a tensor of a ViT CLIP is stored in a Hugging Face `CLIPModel`; the shape is ours. */
export function hfRecipe(name: string, shape: readonly number[]): TensorRecipe {
  const outside = names[name];
  if (outside !== undefined) {
    return projections.has(name) ? wholeTensor(outside, shape, 'transposed') : wholeTensor(outside, shape);
  }
  const [, visual, block, module, kind] = inBlock.exec(name) ?? [];
  const layer = `${visual ? 'vision_model' : 'text_model'}.encoder.layers.${block}`;
  if (module === 'attn.in_proj') return joinedAttention(`${layer}.self_attn`, kind!, shape);
  const theirs = blockModules[module ?? ''];
  if (theirs === undefined) throw new BugError(`hfRecipe: expected a tensor of a ViT CLIP, got ${name}`);
  return wholeTensor(`${layer}.${theirs}.${kind}`, shape);
}

/** Query, key and value are three tensors there and one, stacked in this order, with us. */
function joinedAttention(attention: string, kind: string, [rows, ...rest]: readonly number[]): TensorRecipe {
  const part = (projection: string) => ({
    name: `${attention}.${projection}_proj.${kind}`,
    shape: [rows! / 3, ...rest],
  });
  return {order: 'same', parts: [part('q'), part('k'), part('v')]};
}

/** Tensors of such files that hold no weight: position numbers, a constant of older versions. */
export function isHfConstant(name: string): boolean {
  return name.endsWith('.embeddings.position_ids');
}
