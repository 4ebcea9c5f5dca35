import {resolve} from 'node:path';
import type {RunSizes} from '../../methods/contract/method.js';
import {requestedSides} from '../../methods/contract/own-inputs.js';
import type {Part} from '../../methods/contract/parts.js';
import type {ClipConfig} from '../../model/clip-config.js';
import {sha256OfFile} from '../training/checkpoints.js';
import {modelFingerprint} from '../training/model-fingerprint.js';
import type {TrainingData} from '../training/training-data.js';
import {openOutside, type PlannedOutside} from './open-outside.js';
import {checkSides} from './side-entries.js';
import {openSideTable} from './side-table.js';

/** Where the parts of a run are to work. */
interface Run {
  readonly config: ClipConfig;
  readonly sizes: RunSizes;
  readonly data: Pick<TrainingData, 'captioned' | 'unpaired'>;
}

/**
 * What the methods read from outside, each with a fingerprint of its content, once every image has its entry and the
 * methods have agreed to the shapes.
 * @param folderOf the folder of a model by its reference
 */
export async function plannedOutside(
  parts: readonly Part[],
  {config, sizes, data}: Run,
  folderOf: (reference: string) => Promise<string>,
): Promise<PlannedOutside> {
  const planned = await askedFor(parts, folderOf);
  const opened = await openOutside(parts, planned, 'configuration');
  try {
    checkSides(opened.sides, {paired: data.captioned, unpaired: data.unpaired});
    for (const {method, params, outside} of opened.parts) {
      method.extras?.({config, params, sizes, outside: outside!});
    }
    return planned;
  } finally {
    await opened.close();
  }
}

/** What the parts of a run ask for, by method and name, each with a fingerprint of its content. */
async function askedFor(
  parts: readonly Part[],
  folderOf: (reference: string) => Promise<string>,
): Promise<PlannedOutside> {
  const planned: PlannedOutside = [];
  for (const {method, params} of parts) {
    for (const [name, reference] of Object.entries(method.teachers?.(params) ?? {})) {
      const path = resolve(await folderOf(reference));
      planned.push({method: method.name, name, path, fingerprint: await modelFingerprint(path)});
    }
    for (const {name, path, array} of requestedSides({method, params})) {
      const table = await openSideTable(path, array);
      await table.close();
      planned.push({method: method.name, name, path: resolve(path), fingerprint: await sha256OfFile(path)});
    }
  }
  return planned;
}
