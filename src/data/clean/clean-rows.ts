import {createHash} from 'node:crypto';
import sharp from 'sharp';
import {inOrder} from '../check/in-order.js';
import {partReader} from '../part-reader.js';
import {asPillow} from '../pixels/decode.js';
import type {SetRow} from '../read-set.js';
import type {ChosenFilters, FilterName} from './filter-names.js';
import {otherLanguage} from './language.js';
import {nameReplacer} from './person-names.js';
import {tidyCaption} from './tidy-caption.js';

/** What a filter did. */
export interface FilterCount {
  readonly name: FilterName | 'unreadable' | 'no caption left';
  readonly value: number | string | null;
  /** Images that it left out. */
  readonly images: number;
  /** Captions that it left out. */
  readonly captionsLeftOut: number;
  /** Captions that it changed. */
  readonly captionsChanged: number;
}

export interface CleanedRows {
  readonly rows: readonly SetRow[];
  /** In the order in which the filters were applied. */
  readonly counts: readonly FilterCount[];
}

/**
 * Applies filters: first to the texts (tidy), then to images, then to captions (language, repeated, names). An image that
 * had captions and keeps none is left out.
 * @param onImage told after each image that was looked at
 */
export async function cleanRows(
  rows: readonly SetRow[],
  filters: ChosenFilters,
  onImage: () => void,
): Promise<CleanedRows> {
  const counts: FilterCount[] = [];
  const captions = captionSteps(filters);
  let kept = rows;
  const step = (filter: Step) => {
    const done = filter.apply(kept);
    kept = done.rows;
    counts.push({name: filter.name, value: filters[filter.name as FilterName] ?? null, ...done.count});
  };
  if (filters.tidy !== undefined) step(changed('tidy', tidyCaption));
  const images = await imageFaults(kept, filters, onImage);
  for (const name of ['unreadable', 'duplicates', 'short-side', 'aspect'] as const) {
    if (name === 'unreadable' || filters[name] !== undefined) step(withoutImages(name, images));
  }
  for (const made of captions) step(await made);
  step(withoutCaptions(rows));
  return {rows: kept, counts: counts.filter(({name, images: n}) => name in filters || n > 0)};
}

interface Step {
  readonly name: FilterCount['name'];
  apply(rows: readonly SetRow[]): {
    readonly rows: readonly SetRow[];
    readonly count: Omit<FilterCount, 'name' | 'value'>;
  };
}

function captionSteps(filters: ChosenFilters): Promise<Step>[] {
  const {language, repeated, names} = filters;
  return [
    ...(language === undefined
      ? []
      : [otherLanguage(String(language)).then((isOther) => dropped('language', () => isOther))]),
    ...(repeated === undefined ? [] : [Promise.resolve(dropped('repeated', tooFrequent(Number(repeated))))]),
    ...(names === undefined
      ? []
      : [nameReplacer(String(names)).then((replace) => changed('names', replace))]),
  ];
}

/** Captions that come more often in all rows. */
function tooFrequent(most: number): (rows: readonly SetRow[]) => (caption: string) => boolean {
  return (rows) => {
    const counts = new Map<string, number>();
    for (const {captions} of rows) {
      for (const caption of captions) counts.set(caption, (counts.get(caption) ?? 0) + 1);
    }
    return (caption) => counts.get(caption)! > most;
  };
}

function dropped(name: FilterName, isOut: (rows: readonly SetRow[]) => (caption: string) => boolean): Step {
  return {
    name,
    apply(rows) {
      const out = isOut(rows);
      let captionsLeftOut = 0;
      const kept = rows.map((row) => {
        const captions = row.captions.filter((caption) => !out(caption));
        captionsLeftOut += row.captions.length - captions.length;
        return {...row, captions};
      });
      return {rows: kept, count: {images: 0, captionsLeftOut, captionsChanged: 0}};
    },
  };
}

function changed(name: FilterName, change: (caption: string) => string): Step {
  return {
    name,
    apply(rows) {
      let [captionsLeftOut, captionsChanged] = [0, 0];
      const kept = rows.map((row) => {
        const captions = row.captions.map((caption) => {
          const made = change(caption);
          if (made !== caption && made !== '') captionsChanged++;
          return made;
        });
        const written = captions.filter((caption) => caption !== '');
        captionsLeftOut += captions.length - written.length;
        return {...row, captions: written};
      });
      return {rows: kept, count: {images: 0, captionsLeftOut, captionsChanged}};
    },
  };
}

type ImageFault = 'unreadable' | 'duplicates' | 'short-side' | 'aspect';

function withoutImages(name: ImageFault, faults: ReadonlyMap<string, ImageFault>): Step {
  return {
    name,
    apply(rows) {
      const kept = rows.filter(({image}) => faults.get(image.id) !== name);
      const captions = (list: readonly SetRow[]) => list.reduce((sum, row) => sum + row.captions.length, 0);
      const captionsLeftOut = captions(rows) - captions(kept);
      return {rows: kept, count: {images: rows.length - kept.length, captionsLeftOut, captionsChanged: 0}};
    },
  };
}

function withoutCaptions(before: readonly SetRow[]): Step {
  const had = new Set(before.filter(({captions}) => captions.length > 0).map(({image}) => image.id));
  return {
    name: 'no caption left',
    apply(rows) {
      const kept = rows.filter(({image, captions}) => captions.length > 0 || !had.has(image.id));
      return {rows: kept, count: {images: rows.length - kept.length, captionsLeftOut: 0, captionsChanged: 0}};
    },
  };
}

/** Images that are read at a time. */
const imagesAtATime = 8;

/** The first filter that each image does not pass, by its header and bytes. */
async function imageFaults(
  rows: readonly SetRow[],
  filters: ChosenFilters,
  onImage: () => void,
): Promise<ReadonlyMap<string, ImageFault>> {
  const faults = new Map<string, ImageFault>();
  if (!['duplicates', 'short-side', 'aspect'].some((name) => name in filters)) return faults;
  const readPart = partReader();
  const seen = new Set<string>();
  const look = async ({image}: SetRow) => {
    const content = image.part === undefined ? await image.read() : await readPart(image.part);
    const digest = createHash('sha256').update(content).digest('base64');
    const header = await sharp(content, asPillow)
      .metadata()
      .catch(() => undefined);
    return {id: image.id, digest, header};
  };
  for await (const {id, digest, header} of inOrder(rows, imagesAtATime, look)) {
    onImage();
    const fault = header === undefined ? 'unreadable' : faultOf(header, filters, seen.has(digest));
    seen.add(digest);
    if (fault !== undefined) faults.set(id, fault);
  }
  return faults;
}

function faultOf(
  {width, height}: {readonly width: number; readonly height: number},
  filters: ChosenFilters,
  isKnown: boolean,
): ImageFault | undefined {
  const [least, most] = [Math.min(width, height), Math.max(width, height)];
  if (filters.duplicates !== undefined && isKnown) return 'duplicates';
  if (least < Number(filters['short-side'] ?? 0)) return 'short-side';
  return most > Number(filters.aspect ?? Infinity) * least ? 'aspect' : undefined;
}
