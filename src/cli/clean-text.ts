import type {CleanReport} from '../app/data/clean.js';

/** What each filter left out or changed, and what is kept. */
export function cleanText({from, before, after, filters, out}: CleanReport): string {
  const lines = filters.map(({name, value, images, captionsLeftOut, captionsChanged}) => {
    const did = [
      ...(images > 0 ? [`${images} images left out`] : []),
      ...(captionsLeftOut > 0 ? [`${captionsLeftOut} captions left out`] : []),
      ...(captionsChanged > 0 ? [`${captionsChanged} captions changed`] : []),
    ];
    const filter = value === null ? name : `${name}=${value}`;
    return `  ${filter.padEnd(18)} ${did.length === 0 ? 'nothing to do' : did.join(', ')}`;
  });
  return [
    `${from}: ${before.images} images, ${before.captions} captions`,
    ...lines,
    `kept: ${after.images} images, ${after.captions} captions${out === null ? ' (nothing written: --out writes them)' : ` in ${out}`}`,
  ].join('\n');
}
