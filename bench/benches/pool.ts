import {execFile} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {defineBench} from '../bench.js';
import type {PoolFigures} from '../pool/job.js';
import {makePool, poolForms, type PoolForm} from '../pool/material.js';
import {jsonOption, openOutput} from '../support/bench-output.js';
import {textTable} from '../support/text-table.js';
import {countOf, textOf} from '../support/values.js';

interface PoolRun extends PoolFigures {
  readonly form: PoolForm;
}

export default defineBench({
  name: 'pool',
  summary: 'Memory and time for a pool of images: a thousandth part of it beside all of it.',
  options: {
    images: {type: 'string', value: 'N', text: 'images of the pool (default 1000000)'},
    quick: {type: 'boolean', text: '100000 images'},
    ...jsonOption,
  },
  async run(values) {
    const images = countOf(values, 'images') ?? (values['quick'] === true ? 100_000 : 1_000_000);
    const output = openOutput('pool', textOf(values, 'json'));
    const folder = await mkdtemp(join(tmpdir(), 'fewclip-bench-'));
    const runs: PoolRun[] = [];
    try {
      for (const form of poolForms) {
        for (const count of [Math.max(1000, images / 1000), images]) {
          output.progress(`${form} of ${count} images`);
          const path = await makePool(folder, form, count);
          runs.push({form, ...(await readPool(path))});
        }
      }
    } finally {
      await rm(folder, {recursive: true, force: true});
    }
    output.text(poolText(runs));
    await output.json(runs);
  },
});

const job = fileURLToPath(new URL('../pool/job.ts', import.meta.url));

async function readPool(path: string): Promise<PoolFigures> {
  const args = ['--expose-gc', '--import', import.meta.resolve('tsx'), job, path];
  const {stdout} = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as PoolFigures;
}

function poolText(runs: readonly PoolRun[]): string {
  const mebibytes = (bytes: number | undefined) => (bytes === undefined ? '?' : (bytes / 2 ** 20).toFixed(0));
  const rows = runs.map((run) => [
    run.form,
    String(run.images),
    run.listSeconds.toFixed(1),
    (run.imagesRead / run.readSeconds).toFixed(0),
    mebibytes(run.residentBytes),
    mebibytes(run.peakBytes),
  ]);
  return textTable(['form', 'images', 'list s', 'read images/s', 'resident MiB', 'peak MiB'], rows);
}
