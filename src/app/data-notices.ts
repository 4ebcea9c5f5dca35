import {setFindings} from '../data/check/caption-problems.js';
import {equalImages} from '../data/check/equal-images.js';
import {domainOf} from '../data/domain-data.js';
import type {DataSet, ImageRef, ImageRow} from '../data/rows.js';
import type {TrainingData} from './training/training-data.js';

/** A set that will be measured on. */
export interface TestImages {
  /** The path or reference the user gave. */
  readonly path: string;
  readonly images: readonly ImageRef[];
}

/**
 * What is remarkable about the data of a run and known without decoding an image: rows that are left out, one caption for
 * all, test images that are learnt from. One sentence each; `fewclip data check` looks at the rest.
 */
export async function dataNotices(data: TrainingData, tests: readonly TestImages[]): Promise<string[]> {
  const {captioned, unpaired} = data.sets;
  return [
    ...leftOut(captioned),
    ...(unpaired === undefined ? [] : leftOut(unpaired)),
    ...captionNotices(data),
    ...(await leaks(data, tests)),
  ];
}

function leftOut({origin, skipped}: DataSet<ImageRow>): string[] {
  return Object.entries(skipped).map(([reason, count]) => `${origin}: ${count} left out (${reason})`);
}

function captionNotices({sets, captioned}: TrainingData): string[] {
  const findings = setFindings();
  for (const {captions} of captioned) findings.add(captions, null);
  return findings.findings().map(({says}) => `${sets.captioned.origin}: ${says}`);
}

async function leaks({sets}: TrainingData, tests: readonly TestImages[]): Promise<string[]> {
  const notices: string[] = [];
  const learnt = [sets.captioned, ...(sets.unpaired === undefined ? [] : [sets.unpaired])];
  for (const {path, images} of tests) {
    for (const set of learnt.filter(({origin}) => domainOf(origin) === null)) {
      const equal = await equalImages(set.rows, images);
      if (equal === null) continue;
      const {count, first} = equal;
      notices.push(
        `${path}: ${count} of ${images.length} test images are also learnt from, which flatters the figures ` +
          `(${first.tested} is ${first.learnt})`,
      );
    }
  }
  return notices;
}
