import {stat} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {openLabelled} from '../data/labels.js';
import {exitCodes, UserError} from '../support/errors.js';
import {listModules, loadModule} from '../support/module-folder.js';
import {knownNames} from '../support/nearest-name.js';
import {moduleRoot} from '../support/package-root.js';
import {readableName} from './class-choice.js';
import {domainSets} from './domain-sets.js';
import type {ClassNames, InstanceSearch, KnownImage, KnownSet} from './known-set.js';

/** A known set by its name, `set:pets`, or by name and folder, `set:pets=FOLDER`. */
export interface SetReference {
  readonly name: string;
  readonly folder: string | undefined;
}

/** What a known set holds; one of the three parts. */
export interface OpenedKnownSet {
  readonly name: string;
  readonly labelled?: readonly KnownImage[];
  readonly instances?: InstanceSearch;
  /** A folder that is to be opened as any other data. */
  readonly folder?: string;
  /** Names and templates of its classes. */
  readonly domain?: ClassNames;
}

/** The known set that a path refers to, or null for a path on disk. */
export function setReference(path: string): SetReference | null {
  const [, name, folder] = /^set:([^=]*)(?:=(.+))?$/.exec(path) ?? [];
  return name === undefined ? null : {name, folder};
}

/** Names of the sets that are known, ours and those of the domains, sorted. */
export async function listKnownSets(): Promise<string[]> {
  return [...new Set([...(await listModules(setsFolder())), ...(await domainSets()).keys()])].sort();
}

/**
 * A known set by its name, with nothing of it opened: one of `sets/`, else one of a domain.
 * @throws UserError (usage) for an unknown name
 */
export async function loadKnownSet(name: string): Promise<KnownSet> {
  if ((await listModules(setsFolder())).includes(name)) {
    return loadModule<KnownSet>(setsFolder(), name, 'evaluation set');
  }
  const set = (await domainSets()).get(name);
  if (set !== undefined) return set;
  const known = knownNames(name, await listKnownSets());
  throw new UserError(`evaluation set: expected a known evaluation set, got ${name} (${known})`);
}

/** A reference that means the same in every folder: the set with its place on disk. */
export async function placedSet(reference: SetReference): Promise<string> {
  const set = await loadKnownSet(reference.name);
  return `set:${set.name}=${resolve(await rootOf(set, reference.folder))}`;
}

/**
 * Opens a published set that lies in a local folder: in its own layout, or with one folder a class.
 * @throws UserError (usage) for an unknown name; (data) when it is not there, in the sentence where it comes from, or has
 *   other classes
 */
export async function openKnownSet(reference: SetReference): Promise<OpenedKnownSet> {
  const set = await loadKnownSet(reference.name);
  const root = await rootOf(set, reference.folder);
  const {name} = set;
  const instances = await set.instances?.(root);
  if (instances) return {name, instances};
  if (set.asData) return {name, folder: root, ...(set.domain && {domain: set.domain})};
  const images = (await set.read?.(root)) ?? (await classFolders(set, root));
  if (images === undefined) throw absent(set, root, 'another layout');
  return {name, ...withNames(set, images, root)};
}

/** Where the folders of all sets lie. */
function setsRoot(): string {
  return process.env['FEWCLIP_SETS'] || 'datasets';
}

async function rootOf(set: KnownSet, folder: string | undefined): Promise<string> {
  const candidates = folder === undefined ? set.folders.map((name) => join(setsRoot(), name)) : [folder];
  for (const path of candidates) {
    if ((await stat(path).catch(() => undefined))?.isDirectory()) return path;
  }
  throw absent(set, candidates[0]!, 'no such folder');
}

function absent({name, title, source}: KnownSet, root: string, got: string): UserError {
  return new UserError(
    `evaluation set ${name}: expected ${title} in ${root}, got ${got}: it comes from ${source}`,
    {
      exit: exitCodes.data,
      tryThis: `--data set:${name}=FOLDER, or the folder of all sets in FEWCLIP_SETS`,
    },
  );
}

async function classFolders(
  {imageFolders = [], ignored = []}: KnownSet,
  root: string,
): Promise<KnownImage[] | undefined> {
  for (const folder of imageFolders) {
    const path = join(root, folder);
    if (!(await stat(path).catch(() => undefined))?.isDirectory()) continue;
    const rows = await openLabelled(path).catch((error: unknown) => {
      if (error instanceof UserError && error.exit === exitCodes.data) return undefined;
      throw error;
    });
    if (rows === undefined) continue;
    const images = rows.rows.filter(({label}) => !ignored.includes(label));
    if (images.length > 0) return images;
  }
  return undefined;
}

/** The images with the labels of the set, and what the labels mean. */
function withNames(
  {name, classes, templates}: KnownSet,
  images: readonly KnownImage[],
  root: string,
): Pick<OpenedKnownSet, 'labelled' | 'domain'> {
  const labelled = images.map(({image, label}) => ({image, label: labelKey(label)}));
  const present = [...new Set(labelled.map(({label}) => label))].sort();
  const names =
    classes?.names ??
    Object.fromEntries(present.map((label) => [label, readableName(label.replaceAll('/', ' '))]));
  const unknown = present.filter((label) => !Object.hasOwn(names, label));
  if (unknown.length > 0 || Object.keys(names).length !== classes?.count) {
    const got = unknown.length > 0 ? unknown.slice(0, 5).join(', ') : String(present.length);
    throw new UserError(`${root}: expected the ${classes?.count} classes of ${name}, got ${got}`, {
      exit: exitCodes.data,
      tryThis: `--data ${root}, which takes the labels of the data as class names`,
    });
  }
  return {labelled, domain: {name, classSets: {[name]: {names}}, templates: templates ?? []}};
}

/** Labels differ by capitals, spaces and leading zeros from copy to copy of a set. */
function labelKey(label: string): string {
  return label
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
    .replace(/^0+(?=\d+$)/, '');
}

function setsFolder(): string {
  return join(moduleRoot(), 'src', 'eval', 'sets');
}
