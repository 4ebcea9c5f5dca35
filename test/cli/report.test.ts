import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import sharp from 'sharp';
import {beforeAll, describe, expect, it} from 'vitest';
import {exitCodes} from '../../src/support/errors.js';
import {packageRoot} from '../../src/support/package-root.js';
import {runFewclip} from '../support/run-fewclip.js';
import {temporaryFolder} from '../support/temporary-folder.js';

const root = temporaryFolder();
const run = join(root, 'run');
const script = '<script>alert("caption")</script>';

/** Eight plain pictures, half of them with captions that would run. */
async function writeImages(): Promise<void> {
  for (const folder of ['pairs', 'photos']) {
    mkdirSync(join(root, folder));
    for (let i = 0; i < 4; i++) {
      const background = {r: 60 * i, g: folder === 'pairs' ? 255 : 0, b: 90};
      await sharp({create: {width: 16, height: 16, channels: 3, background}})
        .png()
        .toFile(join(root, folder, `<b>${i}.png`));
    }
  }
  const rows = [0, 1, 2, 3].map((i) => `<b>${i}.png,"${i} ${script.replaceAll('"', '""')}"`);
  writeFileSync(join(root, 'pairs', 'captions.csv'), `file,caption\n${rows.join('\n')}\n`);
}

/** A run of three steps on the pictures. */
async function adapt(out: string, ...flags: readonly string[]): Promise<void> {
  const {exit, stderr} = await runFewclip([
    ...['adapt', '--model', join(packageRoot(), 'assets', 'smoke-clip'), '--captioned', join(root, 'pairs')],
    ...['--unpaired', join(root, 'photos'), '--steps', '3', '--batch', '4'],
    ...['--format', 'quiet', '--out', out, ...flags],
  ]);
  expect(stderr).toBe('');
  expect(exit).toBe(exitCodes.done);
}

beforeAll(async () => {
  await writeImages();
  await adapt(run, '--evaluate', join(root, 'pairs'));
});

describe('fewclip report', () => {
  it('writes figures, losses, pseudo-captions, settings and the command into one page without a script', async () => {
    const {exit, stdout} = await runFewclip(['report', run, '--samples', '4', '--format', 'json']);
    expect(exit).toBe(exitCodes.done);
    const written = JSON.parse(stdout) as {readonly report: string; readonly after: object};
    expect(written.report).toBe(join(run, 'report.html'));
    const page = readFileSync(written.report, 'utf8');
    for (const name of Object.keys(written.after)) expect(page).toContain(name);
    for (const heading of ['Before and after', 'Losses', 'What was asked', 'The same again']) {
      expect(page).toContain(`<h2>${heading}</h2>`);
    }
    // all captions share the same words, so nothing can be told from images that look alike
    expect(page).toContain(`4 of ${join(root, 'photos')}, left out`);
    expect(page).toContain('fewclip adapt --model ');
    expect(page).toContain('&lt;script&gt;alert(&quot;caption&quot;)&lt;/script&gt;');
    expect(page).toContain('&lt;b&gt;0.png');
    expect(page.match(/<script|<b>|\b(src|href)="(?!data:)/g)).toBeNull();
    expect(page.match(/src="data:image\/png/g)).toHaveLength(4);
  });

  it('needs no engine without samples, and takes another file', async () => {
    const out = join(root, 'other.html');
    const {exit, stdout} = await runFewclip([
      'report',
      run,
      '--samples',
      '0',
      '--out',
      out,
      '--format',
      'plain',
    ]);
    expect(exit).toBe(exitCodes.done);
    expect(stdout).toContain(`report: ${out}`);
    expect(readFileSync(out, 'utf8')).not.toContain('data:image/png');
  });

  it('says how to measure a run that measured nothing', async () => {
    const unmeasured = join(root, 'unmeasured');
    await adapt(unmeasured);
    const {exit} = await runFewclip(['report', unmeasured, '--samples', '0', '--format', 'quiet']);
    expect(exit).toBe(exitCodes.done);
    const page = readFileSync(join(unmeasured, 'report.html'), 'utf8');
    expect(page).toContain(`fewclip eval --model ${join(unmeasured, 'model')} --baseline `);
  });

  it('asks for a finished run', async () => {
    const {exit, stderr} = await runFewclip(['report', root]);
    expect(exit).toBe(exitCodes.data);
    expect(stderr).toContain('expected the plan of a run, got none that can be read');
  });
});
