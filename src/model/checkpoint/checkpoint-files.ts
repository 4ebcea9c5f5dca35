import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {exitCodes, UserError} from '../../support/errors.js';
import type {CheckpointLayout} from '../clip-model.js';
import {readJson} from './json-file.js';
import {findPickles, refusePickle} from './pickle.js';

/** The names of the files that a checkpoint is made of. */
export interface CheckpointFiles {
  readonly layout: CheckpointLayout;
  readonly config: 'config.json' | 'open_clip_config.json';
  /** A safetensors file, or the index of several. */
  readonly weights: string;
  readonly isSharded: boolean;
}

/** What may stand beside the weights and belongs to the model: how texts become tokens. */
export const tokenizerFiles = [
  'tokenizer.json',
  'vocab.json',
  'merges.txt',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'bpe_simple_vocab_16e6.txt.gz',
] as const;

/** Everything small that is read from a checkpoint, its model card included. */
export const sideFiles = [
  'preprocessor_config.json',
  'processor_config.json',
  'README.md',
  ...tokenizerFiles,
] as const;

const weightNames = {
  hf: ['model.safetensors'],
  open_clip: ['open_clip_model.safetensors', 'model.safetensors'],
};

/**
 * Picks the checkpoint among the files of a folder or of a hub repository. Where both layouts are there, OpenCLIP's
 * own file name decides for it; a bare `model.safetensors` belongs to a `config.json` of a CLIPModel if there is one
 * (timm keeps its image tower under the same name, with another `config.json`).
 * @param modelType reads `model_type` of the `config.json`
 */
export async function chooseCheckpoint(
  names: readonly string[],
  modelType: () => Promise<unknown>,
): Promise<CheckpointFiles | undefined> {
  const there = new Set(names);
  const openClip = there.has('open_clip_config.json') ? withWeights('open_clip', there) : undefined;
  if (openClip?.weights.startsWith('open_clip_')) return openClip;
  const hf = there.has('config.json') ? withWeights('hf', there) : undefined;
  if (hf !== undefined && (openClip === undefined || (await modelType()) === 'clip')) return hf;
  return openClip;
}

/**
 * The checkpoint in a folder.
 * @throws UserError with exit code `data` when there is none: with the conversion command if it is pickled.
 */
export async function findCheckpoint(folder: string): Promise<CheckpointFiles> {
  const names = await filesOf(folder);
  const found = await chooseCheckpoint(names, () => modelTypeOf(join(folder, 'config.json')));
  if (found !== undefined) return found;
  const safetensors = names.find((name) => name.endsWith('.safetensors'));
  if (safetensors !== undefined) {
    const wanted = 'config.json or open_clip_config.json, and weights named as they expect';
    throw new UserError(`${folder}: expected ${wanted}, got ${listed(names)}`, {exit: exitCodes.data});
  }
  const pickles = findPickles(names).map((name) => join(folder, name));
  if (pickles.length > 0) return refusePickle(pickles, convertedName(names));
  throw new UserError(`${folder}: expected ${anyCheckpoint}, got ${listed(names)}`, {exit: exitCodes.data});
}

/** What a folder or a repository must hold, for errors. */
export const anyCheckpoint =
  'a CLIP checkpoint (config.json with model.safetensors, or open_clip_config.json with open_clip_model.safetensors)';

/** The name that weights get when they are converted, beside these files. */
export function convertedName(names: readonly string[]): string {
  return names.includes('config.json') && !names.includes('open_clip_config.json')
    ? 'model.safetensors'
    : 'open_clip_model.safetensors';
}

/** The first files of a folder, for errors. */
export function listed(names: readonly string[]): string {
  if (names.length === 0) return 'no file';
  const rest = names.length - 8;
  return names.slice(0, 8).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** `model_type` of a `config.json`, if it has one. */
export async function modelTypeOf(path: string): Promise<unknown> {
  const {value} = await readJson(path);
  return typeof value === 'object' && value !== null && 'model_type' in value ? value.model_type : undefined;
}

function withWeights(layout: CheckpointLayout, there: ReadonlySet<string>): CheckpointFiles | undefined {
  const config = layout === 'hf' ? 'config.json' : 'open_clip_config.json';
  for (const name of weightNames[layout]) {
    if (there.has(name)) return {layout, config, weights: name, isSharded: false};
    const index = `${name}.index.json`;
    if (there.has(index)) return {layout, config, weights: index, isSharded: true};
  }
  return undefined;
}

async function filesOf(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, {withFileTypes: true});
    // files of the hub cache are links
    return entries.flatMap((entry) => (entry.isDirectory() ? [] : entry.name)).sort();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UserError(`${folder}: expected a folder with a CLIP checkpoint, got ${code}`, {
      exit: exitCodes.data,
      cause: error,
    });
  }
}
