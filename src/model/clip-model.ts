import type {HostArrays} from '../engine/step.js';
import type {ClipConfig} from './clip-config.js';

export type WeightDtype = 'F16' | 'BF16' | 'F32';
export type CheckpointLayout = 'hf' | 'open_clip';

/**
 * A CLIP in host memory. Names are OpenCLIP's (`visual.conv1.weight`,
 * `visual.transformer.resblocks.0.attn.in_proj_weight`, `transformer.resblocks.0.mlp.c_fc.weight`, `text_projection`,
 * `logit_scale`, ...) and so are the shapes, with one exception: convolution kernels are [height, width, in, out].
 * Linear weights are [out, in]; `visual.proj` and `text_projection` are [in, out].
 */
export interface ClipModel {
  readonly config: ClipConfig;
  readonly weights: HostArrays;
  /** Running statistics of batch norm (`visual.bn1.running_mean`, ...); empty for transformers. */
  readonly state: HostArrays;
  /** What the files were, so that they can be written the same way. */
  readonly source: {
    readonly layout: CheckpointLayout;
    readonly dtype: WeightDtype;
    /** The folder the model was read from; tokenizer and other side files are there. */
    readonly folder: string;
  };
}
