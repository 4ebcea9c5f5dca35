import {createHash} from 'node:crypto';
import {createWriteStream} from 'node:fs';
import {join} from 'node:path';
import {pipeline} from 'node:stream/promises';
import {pack, type Pack} from 'tar-stream';
import {uniform} from '../../engine/random.js';
import {writeJsonAtomically} from '../../support/atomic-file.js';
import {emojiTable} from '../emoji/emoji-table.js';
import {captionMaker} from './captions.js';
import {conceptFinder, type Concept} from './concepts.js';
import {drawPicture} from './draw-picture.js';
import type {Icon, IconSet} from './icon-set.js';
import type {PictureLicence} from './licence.js';

/** What decides a corpus beside the packages. */
export interface CorpusChoices {
  /** Pixels of a picture's side. */
  readonly size: number;
  /** Drawings of each picture: the plain one and varied ones. */
  readonly variants: number;
  /** Share of the concepts that is kept for measuring, in all styles. */
  readonly heldOutShare: number;
  readonly seed: number;
}

/** The three parts of a corpus: to learn from, concepts that are never learnt, a style that is never learnt. */
export const corpusParts = ['train', 'held-out-concepts', 'held-out-style'] as const;
export type CorpusPart = (typeof corpusParts)[number];

/** What was made: `corpus.json` in its folder. */
export interface CorpusReport {
  readonly version: 1;
  readonly parts: Readonly<Record<CorpusPart, PartCounts>>;
  readonly licences: readonly (PictureLicence & {readonly pictures: number; readonly use: CorpusPart})[];
}

export interface PartCounts {
  readonly pictures: number;
  readonly concepts: number;
  readonly images: number;
}

/** A drawing with what it shows. */
interface Picture {
  readonly icon: Icon;
  readonly concept: Concept;
  readonly set: IconSet;
  readonly part: CorpusPart;
}

/**
 * Draws a corpus into a folder: `train.tar`, `held-out-concepts.tar`, `held-out-style.tar` (each with `manifest.jsonl`)
 * and `corpus.json`. The same sets and choices give the same bytes.
 * @param folder empty
 * @param onProgress told of drawings done
 */
export async function buildCorpus(
  folder: string,
  sets: {readonly train: readonly IconSet[]; readonly heldOut: IconSet | undefined},
  choices: CorpusChoices,
  onProgress: (done: number, total: number) => void,
): Promise<CorpusReport> {
  const pictures = picturesOf(sets, choices);
  const imagesOf = ({part}: Picture) => (part === 'train' ? choices.variants : 1);
  const total = pictures.reduce((sum, picture) => sum + imagesOf(picture), 0);
  let done = 0;
  for (const part of corpusParts) {
    const chosen = pictures.filter((picture) => picture.part === part);
    await writePart(join(folder, `${part}.tar`), chosen, {...choices, imagesOf}, () =>
      onProgress(++done, total),
    );
  }
  const report = reportOf(pictures, imagesOf);
  await writeJsonAtomically(join(folder, 'corpus.json'), report);
  return report;
}

/** Every icon that shows a concept, the train sets first, and the part it belongs to. */
function picturesOf(
  {train, heldOut}: {readonly train: readonly IconSet[]; readonly heldOut: IconSet | undefined},
  {heldOutShare, seed}: CorpusChoices,
): Picture[] {
  const table = emojiTable();
  const all = [...train, ...(heldOut ? [heldOut] : [])];
  const find = conceptFinder(
    table,
    all.map(({icons}) => icons),
  );
  const isHeldOut = (key: string) => uniform(seed, wordOf(key)) < heldOutShare;
  return all.flatMap((set) =>
    set.icons.flatMap((icon): Picture[] => {
      const concept = find(icon);
      // only a drawing of an emoji measures a style: other names differ from set to set
      if (concept === undefined || (set === heldOut && concept.kind !== 'emoji')) return [];
      const held = concept.kind === 'emoji' && isHeldOut(concept.key);
      const part = set === heldOut ? 'held-out-style' : held ? 'held-out-concepts' : 'train';
      return [{icon, concept, set, part}];
    }),
  );
}

/** 32 bits of a text's SHA-256. */
function wordOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0);
}

interface Drawn extends CorpusChoices {
  readonly imagesOf: (picture: Picture) => number;
}

/** Drawings that are made at a time; they wait for threads of sharp. */
const drawnTogether = 16;

async function writePart(
  path: string,
  pictures: readonly Picture[],
  {imagesOf, ...variation}: Drawn,
  onImage: () => void,
): Promise<void> {
  const captionsOf = captionMaker(emojiTable());
  const archive = pack();
  const written = pipeline(archive, createWriteStream(path, {flags: 'wx'}));
  // a failure is met when it is awaited
  written.catch(() => undefined);
  const lines: string[] = [];
  const jobs = pictures.flatMap((picture, number) =>
    Array.from({length: imagesOf(picture)}, (_, variant) => ({picture, number, variant})),
  );
  for (let start = 0; start < jobs.length; start += drawnTogether) {
    const some = jobs.slice(start, start + drawnTogether);
    const drawn = await Promise.all(
      some.map(({picture, number, variant}) => drawPicture(picture.icon, variation, [number, variant])),
    );
    for (const [i, {picture, number, variant}] of some.entries()) {
      const file = `${String(number).padStart(6, '0')}-${variant}.png`;
      lines.push(manifestLine(file, picture, captionsOf(picture.concept)));
      await addFile(archive, file, drawn[i]!);
      onImage();
    }
  }
  await addFile(archive, 'manifest.jsonl', Buffer.from(lines.join('')));
  archive.finalize();
  await written;
}

/** What is learnt is every caption; what is measured, the name alone. */
function manifestLine(
  file: string,
  {concept, set, part, icon}: Picture,
  captions: readonly string[],
): string {
  const name = concept.kind === 'emoji' ? concept.emoji.name : concept.name;
  const told = {
    file,
    captions: part === 'train' ? captions : [name],
    ...(concept.kind === 'emoji' && {class: concept.emoji.group, codePoints: concept.key}),
    set: set.prefix,
    icon: icon.names[0],
  };
  return `${JSON.stringify(told)}\n`;
}

/** The same corpus gives the same bytes: no time of day, no owner. */
function addFile(archive: Pack, name: string, content: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    archive.entry({name, mtime: new Date(0), mode: 0o644}, content, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}

function reportOf(pictures: readonly Picture[], imagesOf: (picture: Picture) => number): CorpusReport {
  const counts = (part: CorpusPart): PartCounts => {
    const own = pictures.filter((picture) => picture.part === part);
    return {
      pictures: own.length,
      concepts: new Set(own.map(({concept}) => concept.key)).size,
      images: own.reduce((sum, picture) => sum + imagesOf(picture), 0),
    };
  };
  const sets = [...new Set(pictures.map(({set}) => set))];
  return {
    version: 1,
    parts: {
      train: counts('train'),
      'held-out-concepts': counts('held-out-concepts'),
      'held-out-style': counts('held-out-style'),
    },
    licences: sets.map((set) => {
      const own = pictures.filter((picture) => picture.set === set);
      const use = own.some(({part}) => part === 'held-out-style') ? 'held-out-style' : 'train';
      const {prefix: _prefix, icons: _icons, ...licence} = set;
      return {...licence, pictures: own.length, use};
    }),
  };
}
