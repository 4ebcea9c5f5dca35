import {randomUUID} from 'node:crypto';
import {mkdir, readdir, readFile, rename, rm} from 'node:fs/promises';
import {basename, dirname, join, resolve} from 'node:path';
import type {HostArray} from '../../engine/step.js';
import {syncFolder, writeFileAtomically, writeJsonAtomically} from '../../support/atomic-file.js';
import {BugError, exitCodes, UserError} from '../../support/errors.js';
import type {CheckpointLayout, ClipModel, WeightDtype} from '../clip-model.js';
import {openSafetensors, openSharded, writeSafetensors, type SafetensorsEntry} from '../safetensors.js';
import {findCheckpoint, listed, tokenizerFiles} from './checkpoint-files.js';
import {layouts} from './layouts.js';
import {isBatchCounter} from './open-clip-names.js';
import {toPart, type TensorRecipe} from './tensor-recipe.js';

export interface SaveOptions {
  readonly layout: CheckpointLayout;
  readonly dtype: WeightDtype;
}

/**
 * Writes a model folder: weights, configuration, and the tokenizer files of the folder that the model came from.
 * The folder appears whole or not at all; what stood there before is replaced.
 * @throws UserError with exit code `numerical` for weights that are not finite; with `usage` when the layout cannot
 * hold the model (`hf` has no ResNet).
 */
export async function saveClip(model: ClipModel, folder: string, options: SaveOptions): Promise<void> {
  const target = resolve(folder);
  const {weights, configFiles} = layouts[options.layout];
  const files = configFiles(model.config, options.dtype);
  await replaceFolder(target, async (temporary) => {
    const entries = [...weightEntries(model, options), ...(await batchCounters(model, options.layout))];
    await writeSafetensors(join(temporary, weights), entries, {metadata: {format: 'pt'}});
    for (const [name, value] of Object.entries(files)) {
      await writeJsonAtomically(join(temporary, name), value);
    }
    await copyTokenizer(model.source.folder, temporary);
  });
}

/** Fills a folder beside the target, then puts it in its place. */
async function replaceFolder(target: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  const parent = dirname(target);
  const beside = (kind: string) => join(parent, `.${basename(target)}.${randomUUID().slice(0, 8)}.${kind}`);
  const temporary = beside('tmp');
  const replaced = beside('old');
  const isReplaced = await isModelFolder(target);
  await mkdir(temporary, {recursive: true});
  try {
    await fill(temporary);
    await syncFolder(temporary);
    // a folder that is not empty cannot be renamed over
    if (isReplaced) await rename(target, replaced);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, {recursive: true, force: true});
    throw error;
  }
  await syncFolder(parent);
  await rm(replaced, {recursive: true, force: true});
}

/**
 * Whether a model stands there already. An empty folder is as good as none.
 * @throws UserError when something else does, which must not be lost
 */
async function isModelFolder(target: string): Promise<boolean> {
  const names = (await readdir(target).catch(ignoreMissing)) || [];
  if (names.length === 0) return false;
  if (Object.values(layouts).some(({weights}) => names.includes(weights))) return true;
  throw new UserError(`${target}: expected a new folder or one with a model, got ${listed(names)}`, {
    exit: exitCodes.locked,
  });
}

function weightEntries(model: ClipModel, {layout, dtype}: SaveOptions): SafetensorsEntry[] {
  return Object.entries({...model.weights, ...model.state}).flatMap(([name, value]) => {
    const recipe = layouts[layout].recipe(name, value.shape, new Map());
    return recipe.parts.map((part, index) => ({
      name: part.name,
      stored: {dtype, shape: part.shape},
      value: () => partOf(recipe, value, index, name),
    }));
  });
}

function partOf(recipe: TensorRecipe, {data, shape}: HostArray, index: number, name: string): HostArray {
  if (data instanceof Int32Array) throw new BugError(`saveClip: ${name}: expected floats, got integers`);
  return {shape: recipe.parts[index]!.shape, data: toPart(recipe, data, index, shape)};
}

/**
 * PyTorch's batch norms count their steps. The counters do nothing in CLIP, but a file without them would not load
 * strictly; they are carried over from the file that the model came from, and are 0 where that has none.
 */
async function batchCounters(model: ClipModel, layout: CheckpointLayout): Promise<SafetensorsEntry[]> {
  const norms = Object.keys(model.state).filter((name) => name.endsWith('.running_mean'));
  if (layout !== 'open_clip' || norms.length === 0) return [];
  const known = await readBatchCounters(model.source.folder);
  return norms.map((norm) => {
    const name = norm.replace('running_mean', 'num_batches_tracked');
    const value = known.get(name) ?? {shape: [], data: new Int32Array(1)};
    return {name, stored: {dtype: 'I64', shape: []}, value: () => value};
  });
}

async function readBatchCounters(folder: string): Promise<Map<string, HostArray>> {
  const counters = new Map<string, HostArray>();
  const files = await findCheckpoint(folder).catch(() => undefined); // the folder may be gone, or never was
  if (files === undefined) return counters;
  const path = join(folder, files.weights);
  const reader = await (files.isSharded ? openSharded(path) : openSafetensors(path));
  try {
    for (const name of reader.names().filter(isBatchCounter)) counters.set(name, await reader.read(name));
  } finally {
    await reader.close();
  }
  return counters;
}

async function copyTokenizer(from: string, to: string): Promise<void> {
  if (from === '') return; // a model that was not read from anywhere
  for (const name of tokenizerFiles) {
    const content = await readFile(join(from, name)).catch(ignoreMissing);
    if (content !== false) await writeFileAtomically(join(to, name), content);
  }
}

function ignoreMissing(error: unknown): false {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
  throw error;
}
