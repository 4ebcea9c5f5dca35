import {copyFile} from 'node:fs/promises';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {architecture} from '../../src/model/architectures.js';
import {loadClip, saveClip} from '../../src/model/checkpoint.js';
import {writeRandomModel} from '../train/problem.js';
import {benchSmallModel} from './shared-files.js';

type WriteModel = (folder: string, mergeTable: string) => Promise<void>;

const models: Readonly<Record<string, WriteModel>> = {
  'tiny-clip-rs': async (folder) => {
    const model = await loadClip(benchSmallModel());
    await saveClip(model, folder, {layout: 'open_clip', dtype: 'F32'});
  },
  'ViT-B-32': async (folder, mergeTable) => {
    await writeRandomModel(architecture('ViT-B-32'), folder);
    await copyFile(mergeTable, join(folder, 'bpe_simple_vocab_16e6.txt.gz'));
  },
};

/** Names of the models that {@link writeModelFolder} knows. */
export const folderModelNames: readonly string[] = Object.keys(models);

/** Those of them that can be written here: the small trained one is not part of the clone. */
export function writableModelNames(): string[] {
  return folderModelNames.filter((name) => name !== 'tiny-clip-rs' || existsSync(benchSmallModel()));
}

/**
 * Writes a model with its tokenizer in open_clip's layout, which both sides read: the small trained one, or
 * ViT-B-32 with random weights.
 * @param mergeTable OpenAI's vocabulary, for models that have it
 */
export async function writeModelFolder(name: string, folder: string, mergeTable: string): Promise<void> {
  await models[name]!(folder, mergeTable);
}
