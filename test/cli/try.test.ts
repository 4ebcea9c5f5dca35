import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import type {TryReport} from '../../src/app/try/try-report.js';
import {runTry} from '../support/run-try.js';
import {temporaryFolder} from '../support/temporary-folder.js';

const root = temporaryFolder();

const figures = [
  'zero-shot groups',
  'text to image R@1',
  'text to image R@5',
  'image to text R@1',
  'image to text R@5',
];

it('tells events and everything at the end in json, and goes on where Ctrl-C stopped it', async () => {
  const out = join(root, 'json');
  const args = ['--out', out, '--format', 'json'];
  let cells = 0;
  const stopped = await runTry(args, (line, stop) => {
    const {type} = JSON.parse(line) as {type: string};
    if (type === 'cell') cells++;
    if (type === 'start' && cells === 2) stop('SIGINT');
  });
  expect(stopped.code).toBe(130);
  expect(JSON.parse(stopped.stdout.trimEnd().split('\n').at(-1)!)).toMatchObject({type: 'stopped'});
  expect(existsSync(join(out, 'try.json'))).toBe(false);

  const {code, stdout} = await runTry(args);
  expect(code).toBe(0);
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as {readonly type: string; readonly done?: boolean});
  expect(events.filter(({type}) => type === 'cell').map(({done}) => done)).toEqual([true, false]);
  const report = events.at(-1) as unknown as TryReport;
  expect(report).toMatchObject({type: 'try', version: 1, folder: out, steps: 2, batch: 8});
  expect(report.images).toEqual({captioned: 179, unpaired: 1125, test: 548});
  expect(report.models.map(({label}) => label)).toEqual(['before', 'supervised', 's-clip']);
  for (const column of [...report.models, ...report.differences]) {
    expect(Object.keys(column.figures)).toEqual(figures);
    for (const {value, ci95} of Object.values(column.figures)) {
      expect(ci95![0]).toBeLessThanOrEqual(value);
      expect(ci95![1]).toBeGreaterThanOrEqual(value);
    }
  }
  for (const {better, than, figures: by} of report.differences) {
    const [first, second] = [than, better].map((name) => report.models.find(({label}) => label === name)!);
    for (const name of figures) {
      const difference = second!.figures[name]!.value - first!.figures[name]!.value;
      expect(by[name]!.value).toBeCloseTo(difference, 12);
    }
  }
  expect(report.samples).toHaveLength(12);
  expect(report.next).toHaveLength(3);
  expect(JSON.parse(readFileSync(join(out, 'try.json'), 'utf8'))).toEqual(report);

  const page = readFileSync(report.page, 'utf8');
  expect(page.length).toBeLessThan(5_000_000);
  expect(page).toContain(`content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"`);
  expect(page.match(/<script|\bsrc="(?!data:)|\bhref=|@import|url\(/g)).toBeNull();
  for (const name of figures) expect(page).toContain(name);
});

it('prints one table, the verdict, pictures by name and what to do next, without control characters in a pipe', async () => {
  const {code, stdout} = await runTry(['--fast', '--out', join(root, 'plain'), '--format', 'plain']);
  expect(code).toBe(0);
  for (const name of figures) expect(stdout).toMatch(new RegExp(`^  ${name} .*\\[.*\\].*\\[.*\\].*\\[`, 'm'));
  expect(stdout).toMatch(
    /^S-CLIP beside the model before: better in \d of 5 figures, worse in \d, not told apart in \d\./m,
  );
  expect(stdout).toMatch(/^ {2}after s-clip: .+ \(\d+\.\d %\)$/m);
  expect(stdout).toMatch(/^Next, with images of your own:\n( {2}node .*\n){3}$/m);
  expect(stdout).not.toContain('\u001B');
});
