import {readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, it} from 'vitest';
import type {Comparison} from '../../src/app/compare.js';
import {exitCodes} from '../../src/support/errors.js';
import {runFewclip} from '../support/run-fewclip.js';
import {temporaryFolder} from '../support/temporary-folder.js';
import {writeUntrainedClip} from '../support/untrained-clip.js';

const root = temporaryFolder();
beforeAll(async () => {
  await writeUntrainedClip(join(root, 'clip'));
});

function recipe(name: string, methods: string, seeds: string): string {
  const path = join(root, name);
  const lines = [
    'model: ./clip',
    'domain: toy',
    'steps: 2',
    'batch: 8',
    'evaluate: ["domain:toy"]',
    'compare:',
    `  methods: [${methods}]`,
    `  seeds: ${seeds}`,
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

/** The first cells of each row of a Markdown table, without its rule. */
function firstColumns(table: string, count: number): string[][] {
  const rows = table.split('\n').map((row) => row.split('|').slice(1, 1 + count));
  return rows.filter((_, i) => i !== 1).map((row) => row.map((cell) => cell.trim()));
}

describe('fewclip compare', () => {
  it('prints one table of all runs; what is finished is not run again', async () => {
    const path = recipe('both.yaml', 'clip, s-clip', '[3]');
    const out = join(root, 'both');
    const first = await runFewclip(['compare', path, '--out', out]);
    expect(first.exit).toBe(exitCodes.done);
    expect(readdirSync(out).sort()).toEqual(['clip-seed3', 's-clip-seed3']);
    const [table, legend, ...differences] = first.stdout.trimEnd().split('\n\n');
    expect(firstColumns(table!, 2)).toEqual([
      ['method', 'seeds'],
      ['before', '1'],
      ['clip', '1'],
      ['s-clip', '1'],
    ]);
    expect(legend).toMatch(/^Differences/);
    expect(differences.map((one) => firstColumns(one, 1).flat())).toEqual([
      ['minus before', 'clip', 's-clip'],
      ['minus clip', 's-clip'],
    ]);
    // of one seed the interval over test images is known
    expect(differences[0]).toMatch(/\| clip +\| [+-]\d+\.\d ± \d/);
    const again = await runFewclip(['compare', path, '--out', out]);
    expect(again.stdout).toBe(first.stdout);
    expect(again.stderr.match(/: done before$/gm)).toHaveLength(2);
    expect(again.stderr).not.toContain('phase:');
  });

  it('goes on after a run that fails by itself, shows it and ends with 7', async () => {
    const broken = '{name: s-clip, label: broken, params: {captionWeight: 1.0e+300}}';
    const path = recipe('broken.yaml', `${broken}, clip`, '[0]');
    const {exit, stdout, stderr} = await runFewclip([
      ...['compare', path, '--out', join(root, 'broken'), '--format', 'json'],
    ]);
    expect(exit).toBe(exitCodes.cells);
    const {rows, differences, failed} = JSON.parse(stdout) as Comparison;
    expect(rows.map(({label, seeds}) => [label, seeds])).toEqual([
      ['before', 1],
      ['clip', 1],
    ]);
    expect(differences.map(({against, rows: [row]}) => [against, row!.label])).toEqual([['before', 'clip']]);
    expect(failed.map(({label, seed}) => [label, seed])).toEqual([['broken', 0]]);
    expect(failed[0]!.message).toMatch(/^step 1: expected a finite loss/);
    expect(stderr).toContain(`failed: broken, seed 0: ${failed[0]!.message}`);
  });

  it('plans all runs before it begins the first', async () => {
    const path = recipe('wrong.yaml', 'clip, {name: s-clip, params: {captionWeight: -1}}', '[0]');
    const {exit, stderr} = await runFewclip(['compare', path, '--out', join(root, 'wrong')]);
    expect(exit).toBe(exitCodes.usage);
    expect(stderr).toContain('captionWeight');
    expect(readdirSync(root)).not.toContain('wrong');
  });
});
