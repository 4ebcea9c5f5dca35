import {basename, dirname, resolve} from 'node:path';
import type {EvaluatedModel} from '../eval/benchmark-record.js';
import {hasRun, readPlan} from './training/run-folder.js';

/**
 * How a record names a model that was asked for by `reference` and found in `folder`: a name such as `ViT-B-32/openai` is
 * architecture and weights tag, as in CLIP_benchmark; the model folder of a run tells its base, method and seed.
 */
export async function evaluatedModel(
  reference: string,
  folder: string,
): Promise<Omit<EvaluatedModel, 'seed'>> {
  const run = dirname(resolve(folder));
  if (basename(folder) === 'model' && hasRun(run)) {
    const {model, method, seed} = await readPlan(run);
    return {model: model.reference, pretrained: reference, method: method.name, trainingSeed: seed};
  }
  const method = 'zero-shot';
  if (resolve(reference) === resolve(folder)) return {model: basename(folder), pretrained: reference, method};
  const [, architecture, tag] = /^([^/:]+)\/([^/]+)$/.exec(reference) ?? [];
  if (architecture !== undefined && tag !== undefined) return {model: architecture, pretrained: tag, method};
  return {model: reference.replace(/^hf(-hub)?:/, ''), pretrained: reference, method};
}
