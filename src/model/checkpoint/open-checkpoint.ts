import {join} from 'node:path';
import type {ClipConfig} from '../clip-config.js';
import type {WeightDtype} from '../clip-model.js';
import {parameterShapes, stateShapes} from '../parameter-shapes.js';
import {openSafetensors, openSharded, type TensorReader} from '../safetensors.js';
import {checkTensors} from './check-tensors.js';
import {findCheckpoint, type CheckpointFiles} from './checkpoint-files.js';
import {readPreprocessor} from './hf-preprocess.js';
import {readJson} from './json-file.js';
import {layouts} from './layouts.js';
import type {TensorRecipe} from './tensor-recipe.js';

/** One of our tensors, and how the file stores it. */
export interface StoredTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly recipe: TensorRecipe;
}

/** A checkpoint whose configuration and table of contents are read and agree. Close the reader after use. */
export interface OpenCheckpoint {
  readonly files: CheckpointFiles;
  readonly config: ClipConfig;
  readonly reader: TensorReader;
  readonly weights: readonly StoredTensor[];
  readonly state: readonly StoredTensor[];
  /** The dtype that holds all weights without loss. */
  readonly dtype: WeightDtype;
}

/**
 * Opens the checkpoint of a folder; no weight is read yet.
 * @throws UserError with exit code `data` when the folder does not hold a CLIP that we can run.
 */
export async function openCheckpoint(folder: string): Promise<OpenCheckpoint> {
  const files = await findCheckpoint(folder);
  const config = await readConfig(folder, files);
  const path = join(folder, files.weights);
  const reader = await (files.isSharded ? openSharded(path) : openSafetensors(path));
  try {
    const {recipe, isConstant} = layouts[files.layout];
    const stored = (shapes: Readonly<Record<string, readonly number[]>>) =>
      Object.entries(shapes).map(([name, shape]) => ({
        name,
        shape,
        recipe: recipe(name, shape, reader.tensors),
      }));
    const weights = stored(parameterShapes(config));
    const state = stored(stateShapes(config));
    const parts = [...weights, ...state].flatMap((tensor) => tensor.recipe.parts);
    checkTensors(reader, new Map(parts.map(({name, shape}) => [name, shape])), isConstant);
    return {files, config, reader, weights, state, dtype: commonDtype(reader, parts)};
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/** The configuration of a checkpoint whose files are known. */
export async function readConfig(folder: string, files: CheckpointFiles): Promise<ClipConfig> {
  const config = await readJson(join(folder, files.config));
  const preprocessor = files.layout === 'hf' ? await readPreprocessor(folder) : undefined;
  return layouts[files.layout].parseConfig(config, preprocessor);
}

/** A file in one dtype has that one; a mixed file, as OpenAI's, has F32. */
function commonDtype(reader: TensorReader, parts: readonly {readonly name: string}[]): WeightDtype {
  const dtypes = new Set(parts.map(({name}) => reader.tensors.get(name)!.dtype));
  const [dtype] = dtypes;
  return dtypes.size === 1 ? (dtype as WeightDtype) : 'F32';
}
