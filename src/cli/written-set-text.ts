import type {SplitReport} from '../app/data/split.js';
import type {WrittenSet} from '../app/data/write-set.js';

/** What was written, part by part. */
export function writtenSetText({out, format, parts, dropped}: WrittenSet): string {
  const lines = parts.map(({split, images, captions, fingerprint}) => {
    const name = split === null ? '' : `${split}: `;
    return `  ${name}${images} images, ${captions} captions (${fingerprint.slice(0, 10)})`;
  });
  const left =
    dropped.length === 0 ? [] : [`  left out, since ${format} has no place for it: ${dropped.join(', ')}`];
  return [`${out} (${format})`, ...lines, ...left].join('\n');
}

/** The parts of a split, and how to use them. */
export function splitText({out, seed, parts, short}: SplitReport): string {
  const lines = parts.map(({split, images, classes}) => {
    const of = classes === 0 ? '' : ` of ${classes} ${classes === 1 ? 'class' : 'classes'}`;
    return `  ${out}#${split}: ${images} images${of}`;
  });
  const fewer = short.length === 0 ? [] : [`  classes with fewer images than asked for: ${short.join(', ')}`];
  return [`${out} (seed ${seed})`, ...lines, ...fewer].join('\n');
}
