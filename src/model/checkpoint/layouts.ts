import type {ClipConfig} from '../clip-config.js';
import type {CheckpointLayout, WeightDtype} from '../clip-model.js';
import {clipConfigFromHf, hfConfigFiles} from './hf-config.js';
import {hfRecipe, isHfConstant} from './hf-names.js';
import type {JsonFile} from './json-file.js';
import {clipConfigFromOpenClip, openClipConfigFiles} from './open-clip-config.js';
import {isOpenClipConstant, openClipRecipe, textPrefixOf} from './open-clip-names.js';
import type {TensorRecipe} from './tensor-recipe.js';

/** One way of keeping a CLIP in a folder. */
export interface Layout {
  /** The file that `saveClip` writes the weights to. */
  readonly weights: string;
  readonly parseConfig: (config: JsonFile, preprocessor: JsonFile | undefined) => ClipConfig;
  /** Configuration files by name. */
  readonly configFiles: (config: ClipConfig, dtype: WeightDtype) => Record<string, unknown>;
  /** How one of our tensors is stored; `there` are the tensors of the file, empty when writing. */
  readonly recipe: (
    name: string,
    shape: readonly number[],
    there: ReadonlyMap<string, unknown>,
  ) => TensorRecipe;
  /** Tensors that may stand in the file and hold no weight. */
  readonly isConstant: (name: string) => boolean;
}

export const layouts: Readonly<Record<CheckpointLayout, Layout>> = {
  hf: {
    weights: 'model.safetensors',
    parseConfig: clipConfigFromHf,
    configFiles: hfConfigFiles,
    recipe: hfRecipe,
    isConstant: isHfConstant,
  },
  open_clip: {
    weights: 'open_clip_model.safetensors',
    parseConfig: clipConfigFromOpenClip,
    configFiles: openClipConfigFiles,
    recipe: (name, shape, there) => openClipRecipe(name, shape, textPrefixOf(there)),
    isConstant: isOpenClipConstant,
  },
};
