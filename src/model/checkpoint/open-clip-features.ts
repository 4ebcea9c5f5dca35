import {exitCodes, UserError} from '../../support/errors.js';

/** An option of an OpenCLIP configuration that would change the model into one that we cannot run. */
interface Feature {
  /** What the option stands for, named in the error. */
  readonly is: string;
  /** Values, beside the empty ones, that leave the model as it is. */
  readonly neutral?: readonly unknown[];
}

const customAttention = {is: 'a custom attention block'};

const towerFeatures: Readonly<Record<string, Feature>> = {
  ls_init_value: {is: 'layer scale'},
  act_kwargs: {is: 'a parametrised activation'},
  block_type: {...customAttention, neutral: ['default']},
  qk_norm: customAttention,
  scaled_cosine_attn: customAttention,
  scale_heads: customAttention,
  scale_attn_inner: customAttention,
  scale_attn: customAttention,
  scale_fc: customAttention,
};

const features: Readonly<Record<string, Readonly<Record<string, Feature>>>> = {
  model_cfg: {
    multimodal_cfg: {is: 'CoCa, with a caption decoder'},
    init_logit_bias: {is: 'a logit bias, as SigLIP has'},
    nonscalar_logit_scale: {is: 'a logit scale that is not a scalar'},
  },
  vision_cfg: {
    ...towerFeatures,
    timm_model_name: {is: 'an image tower from timm'},
    attentional_pool: {is: 'attention pooling over image tokens'},
    no_ln_pre: {is: 'an image tower without a norm before its blocks'},
    pos_embed_type: {is: 'fixed position embeddings', neutral: ['learnable']},
    pool_type: {is: 'other pooling than the class token', neutral: ['tok']},
  },
  text_cfg: {
    ...towerFeatures,
    hf_model_name: {is: 'a text tower from Hugging Face transformers'},
    no_causal_mask: {is: 'texts without a causal mask, as SigLIP has'},
    embed_cls: {is: 'a class token behind the text'},
    pool_type: {is: 'other pooling than the end token', neutral: ['argmax', 'eos']},
    proj_type: {is: 'another text projection than a matrix', neutral: ['linear']},
    proj_bias: {is: 'a text projection with a bias'},
    tokenizer_kwargs: {is: 'a tokenizer with options of its own'},
    tokenizer_mode: {is: 'a tokenizer with options of its own'},
  },
};

/**
 * Refuses what would change the model, by name. `known` are the options that are read, or that only matter in
 * training or for refused features; an option that is neither is refused too.
 * @throws UserError with exit code `data`
 */
export function refuseFeatures(
  part: 'model_cfg' | 'vision_cfg' | 'text_cfg',
  config: Readonly<Record<string, unknown>>,
  known: ReadonlySet<string>,
  where: string,
): void {
  for (const [key, value] of Object.entries(config)) {
    if (isEmpty(value) || known.has(key)) continue;
    const feature = features[part]![key];
    if (feature?.neutral?.includes(value)) continue;
    const what = feature === undefined ? 'an option that is not known here' : feature.is;
    throw new UserError(
      `${where}: ${part}.${key}: expected a plain CLIP, got ${what} (${JSON.stringify(value)})`,
      {
        exit: exitCodes.data,
      },
    );
  }
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
