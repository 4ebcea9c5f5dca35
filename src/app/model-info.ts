import {readdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {architecture, architectureNames} from '../model/architectures.js';
import {describeClip, type ClipDescription} from '../model/checkpoint.js';
import {tokenizerFiles} from '../model/checkpoint/checkpoint-files.js';
import type {ClipConfig} from '../model/clip-config.js';
import {licenceOf} from '../model/hub/model-card.js';
import {resolveModel, type ResolveOptions} from '../model/model-reference.js';

/** All that can be said about a model without running it. */
export interface ModelInfo extends ClipDescription {
  readonly reference: string;
  readonly folder: string;
  /** OpenCLIP's name of the architecture, or its kind and size. */
  readonly architecture: string;
  /** Files that turn texts into tokens; none means that the model needs one from elsewhere. */
  readonly tokenizer: readonly string[];
  /** As the model card names it. */
  readonly licence: string | null;
  readonly files: readonly {readonly name: string; readonly bytes: number}[];
  readonly bytes: number;
}

/**
 * Describes a model that is in a folder or in the cache; nothing is downloaded.
 * @throws UserError when it is not there, or not a CLIP that can be run
 */
export async function modelInfo(reference: string, options: ResolveOptions = {}): Promise<ModelInfo> {
  const folder = await resolveModel(reference, {...options, cacheOnly: true});
  const description = await describeClip(folder);
  const files = await filesOf(folder);
  return {
    reference,
    folder,
    architecture: architectureName(description.config),
    ...description,
    tokenizer: tokenizerFiles.filter((name) => files.some((file) => file.name === name)),
    licence: (await licenceOf(folder)) ?? null,
    files,
    bytes: files.reduce((sum, {bytes}) => sum + bytes, 0),
  };
}

/** The published architecture of these sizes, whatever its activation and preprocessing; else its kind and size. */
export function architectureName({vision, text, embedDim}: ClipConfig): string {
  const sizes = (config: Pick<ClipConfig, 'vision' | 'text' | 'embedDim'>) =>
    JSON.stringify([
      sorted(config.vision),
      config.text.width,
      config.text.layers,
      config.text.heads,
      config.embedDim,
    ]);
  const own = sizes({vision, text, embedDim});
  const published = architectureNames.find((name) => sizes(architecture(name)) === own);
  if (published !== undefined) return published;
  return vision.kind === 'vit'
    ? `ViT of ${vision.layers} layers, width ${vision.width}, patch ${vision.patchSize}`
    : `ResNet of ${vision.stageBlocks.join('-')} blocks, width ${vision.width}`;
}

function sorted(record: object): [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

async function filesOf(folder: string): Promise<{name: string; bytes: number}[]> {
  const names = (await readdir(folder)).sort();
  const files = await Promise.all(names.map(async (name) => ({name, stats: await stat(join(folder, name))})));
  return files.flatMap(({name, stats}) => (stats.isFile() ? {name, bytes: stats.size} : []));
}
