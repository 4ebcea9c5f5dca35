import {appendFile, readFile} from 'node:fs/promises';
import {existsSync} from 'node:fs';
import {writeFileAtomically} from '../../support/atomic-file.js';
import type {StepEvent} from '../events.js';

/** `metrics.csv`: one header, one row a step, appended. */
export interface MetricsFile {
  append(event: StepEvent): Promise<void>;
}

const fixed = ['step', 'epoch', 'loss'] as const;
const tail = [
  'gradient_norm',
  'learning_rate',
  'logit_scale',
  'step_ms',
  'graph_ms',
  'data_wait_share',
] as const;

/**
 * Opens the file of a run. Rows after `lastStep` belong to work that a crash undid and are dropped, so that a
 * resumed run writes each step once.
 */
export async function openMetricsFile(path: string, lastStep: number): Promise<MetricsFile> {
  if (existsSync(path)) await writeFileAtomically(path, rowsUpTo(await readFile(path, 'utf8'), lastStep));
  let empty = !existsSync(path);
  return {
    async append(event) {
      const terms = Object.keys(event.terms);
      const logged = Object.keys(event.logged ?? {});
      const header = [
        ...fixed,
        ...terms.map((name) => `term.${name}`),
        ...logged.map((name) => `log.${name}`),
        ...tail,
      ].join(',');
      const row = [
        event.step,
        event.epoch,
        event.loss,
        ...Object.values(event.terms),
        ...Object.values(event.logged ?? {}),
        event.gradientNorm,
        event.learningRate,
        event.logitScale,
        event.stepMs.toFixed(1),
        event.graphMs.toFixed(1),
        event.dataWaitShare.toFixed(4),
      ].join(',');
      await appendFile(path, empty ? `${header}\n${row}\n` : `${row}\n`);
      empty = false;
    },
  };
}

function rowsUpTo(text: string, lastStep: number): string {
  const lines = text.split('\n');
  // the last line is empty, or a row that a crash cut off
  const whole = lines.slice(0, -1).filter((line, i) => i === 0 || Number(line.split(',')[0]) <= lastStep);
  return whole.map((line) => `${line}\n`).join('');
}
