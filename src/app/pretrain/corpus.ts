import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {
  buildCorpus,
  corpusParts,
  type CorpusPart,
  type CorpusReport,
} from '../../data/corpus/build-corpus.js';
import {fetchPackage} from '../../data/corpus/fetch-package.js';
import {readIconSet, type IconSet} from '../../data/corpus/icon-set.js';
import {refuseDomainPictures} from '../../data/corpus/licence.js';
import {canonicalJson} from '../../recipe/plan.js';
import {exactPackage, type PretrainRecipe} from '../../recipe/pretrain-recipe.js';
import {writeFolderAtomically} from '../../support/atomic-folder.js';
import {cacheFolder} from '../../support/cache-folder.js';

/** Raised when the same choices would draw something else, so that what is in the cache is not taken for it. */
const drawingVersion = 1;

/** A corpus on disk. */
export interface Corpus {
  readonly folder: string;
  readonly paths: Readonly<Record<CorpusPart, string>>;
  readonly report: CorpusReport;
}

export interface CorpusProgress {
  readonly type: 'progress';
  readonly what: 'drawing';
  readonly done: number;
  readonly total: number;
}
export type {CorpusReport};
export type CorpusEvent = CorpusProgress | {readonly type: 'notice'; readonly message: string};

/**
 * The corpus of a recipe from the user's cache, made there first if need be: packages fetched with npm, licences checked,
 * pictures drawn. It is known by a hash of what decides it.
 * @throws UserError for a package that cannot be fetched, is no icon set, or is not under a friendly licence
 */
export async function openCorpus(
  {corpus}: Pick<PretrainRecipe, 'corpus'>,
  emit: (event: CorpusEvent) => void,
  cache = cacheFolder(),
): Promise<Corpus> {
  const {packages, heldOutStyle, ...choices} = corpus;
  for (const source of [...packages, ...(heldOutStyle ? [heldOutStyle] : [])]) refuseDomainPictures(source);
  const read = async (source: string) => readSource(source, cache, emit);
  const train: IconSet[] = [];
  for (const source of packages) train.push(await read(source));
  const heldOut = heldOutStyle === undefined ? undefined : await read(heldOutStyle);
  const folder = join(cache, 'corpora', corpusKey({train, heldOut}, choices));
  const file = join(folder, 'corpus.json');
  if (!existsSync(file)) {
    await writeFolderAtomically(folder, async (temporary) => {
      await buildCorpus(temporary, {train, heldOut}, choices, (done, total) =>
        emit({type: 'progress', what: 'drawing', done, total}),
      );
    });
  }
  const paths = Object.fromEntries(corpusParts.map((part) => [part, join(folder, `${part}.tar`)]));
  return {
    folder,
    paths: paths as Record<CorpusPart, string>,
    report: JSON.parse(await readFile(file, 'utf8')) as CorpusReport,
  };
}

async function readSource(
  source: string,
  cache: string,
  emit: (event: CorpusEvent) => void,
): Promise<IconSet> {
  const {name, version} = exactPackage.exec(source)?.groups ?? {};
  if (name === undefined || version === undefined) return readIconSet(source, source);
  const onNotice = (message: string) => emit({type: 'notice', message});
  return readIconSet(await fetchPackage(join(cache, 'packages'), {name, version}, onNotice), name);
}

/** 16 hexadecimal digits of everything that decides what is drawn, the drawings themselves included. */
function corpusKey(sets: unknown, choices: unknown): string {
  const content = canonicalJson({drawingVersion, sets, choices});
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
