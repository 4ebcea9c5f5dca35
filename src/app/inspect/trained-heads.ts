import {basename, dirname, resolve} from 'node:path';
import type {TokenHeads} from '../../model/diagnostics/token-embedder.js';
import {openSafetensors} from '../../model/safetensors.js';
import {newestWholeCheckpoint} from '../training/checkpoints.js';
import {hasRun, runFolder} from '../training/run-folder.js';

/** Heads for tokens and the method that trained them. */
export interface TrainedHeads {
  readonly method: string;
  readonly heads: TokenHeads;
}

/**
 * The heads for the tokens of both towers that a method of a run has trained, such as those of `filip`: the model that is
 * saved is a CLIP without them, but they stay in the run's checkpoints.
 * @param folder of a model; undefined is returned when it is no run's, or none of the run's methods has such heads
 * @throws UserError (data) when all checkpoints of the run are damaged
 */
export async function trainedHeads(folder: string): Promise<TrainedHeads | undefined> {
  const run = dirname(resolve(folder));
  if (basename(folder) !== 'model' || !hasRun(run)) return undefined;
  const checkpoint = await newestWholeCheckpoint(runFolder(run).checkpoints);
  if (checkpoint === undefined) return undefined;
  const reader = await openSafetensors(checkpoint.path);
  try {
    const [method] = reader
      .names()
      .flatMap((name) => /^weights\/([^/]+)\/image_head\.weight$/.exec(name)?.[1] ?? []);
    if (method === undefined) return undefined;
    const read = (name: string) => reader.read(`weights/${method}/${name}`);
    const head = async (tower: 'image' | 'text') => ({
      weight: await read(`${tower}_head.weight`),
      bias: await read(`${tower}_head.bias`),
    });
    return {method, heads: {image: await head('image'), text: await head('text')}};
  } finally {
    await reader.close();
  }
}
