import {verdict} from '../../report/figure.js';
import type {TriedDifference} from './try-report.js';

/** What the differences say of S-CLIP, and no more, in one or two sentences. */
export function tryVerdict(differences: readonly TriedDifference[]): string {
  const against = (than: string) => {
    const found = differences.find(
      (difference) => difference.better === 's-clip' && difference.than === than,
    );
    const verdicts = Object.values(found?.figures ?? {}).map(verdict);
    const count = (wanted: string) => verdicts.filter((one) => one === wanted).length;
    return [
      `better in ${count('better')} of ${verdicts.length} figures`,
      `worse in ${count('worse')}`,
      `not told apart in ${count('open')}`,
    ].join(', ');
  };
  return `S-CLIP beside the model before: ${against('before')}. Beside supervised tuning on the same budget: ${against('supervised')}.`;
}
