import {findCheckpoint} from './checkpoint/checkpoint-files.js';
import {openCheckpoint, readConfig, type StoredTensor} from './checkpoint/open-checkpoint.js';
import {fromParts} from './checkpoint/tensor-recipe.js';
import type {ClipConfig} from './clip-config.js';
import type {CheckpointLayout, ClipModel, WeightDtype} from './clip-model.js';
import type {HostArray} from '../engine/step.js';
import {parameterCount} from './parameter-shapes.js';
import type {TensorReader} from './safetensors.js';

export {saveClip, type SaveOptions} from './checkpoint/save-clip.js';

/** What a checkpoint is, without its weights. */
export interface ClipDescription {
  readonly layout: CheckpointLayout;
  readonly dtype: WeightDtype;
  readonly config: ClipConfig;
  /** Trained values, running statistics left out. */
  readonly parameters: number;
  readonly tensors: number;
}

/**
 * Loads a CLIP from a Hugging Face `CLIPModel` folder or an OpenCLIP folder, weights as float32.
 * @throws UserError with exit code `data` when the folder does not hold a CLIP that we can run.
 */
export async function loadClip(folder: string): Promise<ClipModel> {
  const {files, config, reader, weights, state, dtype} = await openCheckpoint(folder);
  try {
    return {
      config,
      weights: await readTensors(reader, weights),
      state: await readTensors(reader, state),
      source: {layout: files.layout, dtype, folder},
    };
  } finally {
    await reader.close();
  }
}

/** The architecture of a checkpoint; its weights are not looked at. */
export async function readClipConfig(folder: string): Promise<ClipConfig> {
  return readConfig(folder, await findCheckpoint(folder));
}

/** Describes a checkpoint from its configuration and table of contents, which are checked against each other. */
export async function describeClip(folder: string): Promise<ClipDescription> {
  const {files, config, reader, dtype} = await openCheckpoint(folder);
  await reader.close();
  return {
    layout: files.layout,
    dtype,
    config,
    parameters: parameterCount(config),
    tensors: reader.tensors.size,
  };
}

/** The layout that most tools read; ResNet CLIPs have none but OpenCLIP's. */
export function preferredLayout(config: ClipConfig): CheckpointLayout {
  return config.vision.kind === 'vit' ? 'hf' : 'open_clip';
}

async function readTensors(
  reader: TensorReader,
  tensors: readonly StoredTensor[],
): Promise<Record<string, HostArray>> {
  const arrays: Record<string, HostArray> = {};
  for (const {name, shape, recipe} of tensors) {
    const parts: Float32Array[] = [];
    for (const part of recipe.parts) parts.push((await reader.read(part.name)).data as Float32Array);
    arrays[name] = {shape, data: fromParts(recipe, parts)};
  }
  return arrays;
}
