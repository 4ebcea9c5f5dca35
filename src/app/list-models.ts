import {readdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {bundledFolder, bundledName} from '../model/bundled-model.js';
import {listCachedModels} from '../model/hub/cached-models.js';
import {hubEnvironment, type HubEnvironment} from '../model/hub/hub-environment.js';
import {knownModels, namesOfRepository} from '../model/hub/known-models.js';

/** A CLIP in the cache of the hub. */
export interface ListedModel {
  /** What to give to `--model`. */
  readonly reference: string;
  /** Known names of the repository. */
  readonly names: readonly string[];
  /** Branches and tags that named this commit when it was pulled. */
  readonly revisions: readonly string[];
  readonly commit: string;
  readonly bytes: number;
  readonly folder: string;
}

export interface ModelList {
  /** The cache, shared with the other tools of Hugging Face. */
  readonly folder: string;
  readonly models: readonly ListedModel[];
  /** The one that comes with the program. */
  readonly bundled: BundledModel;
}

export interface BundledModel {
  readonly reference: string;
  readonly bytes: number;
  readonly folder: string;
}

/** The CLIPs that are in the cache, whoever put them there, and the one that comes with the program. */
export async function listModels(environment: HubEnvironment = hubEnvironment()): Promise<ModelList> {
  const folder = environment.cacheFolder;
  const models = (await listCachedModels(folder)).map(({repository, commit, revisions, ...model}) => {
    const revision = revisions.includes('main') ? '' : `@${revisions[0] ?? commit}`;
    return {
      reference: `hf:${repository}${revision}`,
      names: namesOfRepository(repository),
      ...{revisions, commit, bytes: model.bytes, folder: model.folder},
    };
  });
  return {folder, models, bundled: await bundledModel()};
}

async function bundledModel(): Promise<BundledModel> {
  const folder = bundledFolder();
  const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size);
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  return {reference: bundledName, bytes, folder};
}

/** A model that can be pulled by name. */
export interface ListedName {
  readonly name: string;
  readonly repository: string;
  readonly isPulled: boolean;
}

/** The models that are known by name. */
export async function listKnownModels(environment: HubEnvironment = hubEnvironment()): Promise<ListedName[]> {
  const cached = await listCachedModels(environment.cacheFolder);
  const pulled = new Set(cached.map(({repository}) => repository));
  return knownModels.map(({name, repository}) => ({name, repository, isPulled: pulled.has(repository)}));
}
