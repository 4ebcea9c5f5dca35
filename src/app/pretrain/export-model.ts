import {join, resolve} from 'node:path';
import {loadClip, saveClip} from '../../model/checkpoint.js';
import {writeJsonAtomically} from '../../support/atomic-file.js';
import {runFolder} from '../training/run-folder.js';
import type {PreparedPretraining} from './prepare.js';

/**
 * Writes the model of a finished run in float16, half the size, with `corpus.json` beside it: whose pictures it was trained
 * on, which some of the licences want told.
 * @throws UserError when something other than a model is in the folder
 */
export async function exportModel(
  {path, corpus}: Pick<PreparedPretraining, 'path' | 'corpus'>,
  folder: string,
): Promise<void> {
  const model = await loadClip(runFolder(resolve(path)).model);
  await saveClip(model, folder, {layout: 'hf', dtype: 'F16'});
  await writeJsonAtomically(join(folder, 'corpus.json'), corpus.report);
}
