import sharp from 'sharp';
import {asPillow} from '../pixels/decode.js';
import {spreadOf, type Spread} from './caption-stats.js';
import {numberCounts} from './number-counts.js';

/** What the images of a set are like, from their headers. */
export interface ImageStats {
  /** Images whose header was read. */
  readonly read: number;
  /** Files that have no header of an image. */
  readonly unreadable: number;
  /** The shorter and the longer side in pixels. */
  readonly shortSide: Spread;
  readonly longSide: Spread;
  readonly kilobytes: Spread;
  /** Images by the ratio of the longer side to the shorter. */
  readonly aspects: readonly Counted[];
  readonly formats: readonly Counted[];
}

/** Something by name, and how often it came. */
export interface Counted {
  readonly name: string;
  readonly count: number;
}

/** Bounds of the ratios of sides; FILIP leaves images of more than 3 out. */
const aspectNames = [
  [1.05, 'square'],
  [1.4, 'up to 1.4'],
  [2, 'up to 2'],
  [3, 'up to 3'],
  [Infinity, 'above 3'],
] as const;

/** Collects images file by file. */
export function imageStats(): {add(content: Buffer): Promise<void>; stats(): ImageStats} {
  const [short, long, kilobytes] = [numberCounts(), numberCounts(), numberCounts()];
  const aspects = new Map<string, number>(aspectNames.map(([, name]) => [name, 0]));
  const formats = new Map<string, number>();
  let read = 0;
  let unreadable = 0;
  return {
    async add(content) {
      const header = await sharp(content, asPillow)
        .metadata()
        .catch(() => undefined);
      kilobytes.add(Math.ceil(content.length / 1024));
      if (header === undefined) {
        unreadable++;
        return;
      }
      read++;
      const [least, most] = [Math.min(header.width, header.height), Math.max(header.width, header.height)];
      short.add(least);
      long.add(most);
      const aspect = aspectNames.find(([bound]) => most <= bound * least)![1];
      aspects.set(aspect, aspects.get(aspect)! + 1);
      formats.set(header.format, (formats.get(header.format) ?? 0) + 1);
    },
    stats: () => ({
      read,
      unreadable,
      shortSide: spreadOf(short),
      longSide: spreadOf(long),
      kilobytes: spreadOf(kilobytes),
      aspects: [...aspects].map(([name, count]) => ({name, count})),
      formats: byCount(formats),
    }),
  };
}

/** The most frequent first. */
export function byCount(counts: ReadonlyMap<string, number>): readonly Counted[] {
  return [...counts].map(([name, count]) => ({name, count})).sort((a, b) => b.count - a.count);
}
