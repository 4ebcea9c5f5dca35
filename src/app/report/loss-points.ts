import {readFile} from 'node:fs/promises';
import {existsSync} from 'node:fs';
import type {LossPoint} from '../../report/loss-chart.js';

/** The loss and its terms from the `metrics.csv` of a run; none when it took no step. */
export async function lossPoints(file: string): Promise<LossPoint[]> {
  if (!existsSync(file)) return [];
  const [header, ...rows] = (await readFile(file, 'utf8')).trimEnd().split('\n');
  const columns = header!.split(',');
  const terms = columns.flatMap((name, column) => {
    if (name === 'loss') return [{column, term: 'loss'}];
    return name.startsWith('term.') ? [{column, term: name.slice('term.'.length)}] : [];
  });
  // a single term is the loss
  const shown = terms.length === 2 ? terms.slice(0, 1) : terms;
  return rows.flatMap((row) => {
    const cells = row.split(',');
    const step = Number(cells[columns.indexOf('step')]);
    return shown.map(({column, term}) => ({step, term, value: Number(cells[column])}));
  });
}
