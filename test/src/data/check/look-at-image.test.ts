import {execFile} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import sharp from 'sharp';
import {describe, expect, it} from 'vitest';
import {lookAtImage} from '../../../../src/data/check/look-at-image.js';
import {largePng} from '../../../support/large-png.js';
import {drawnPicture} from '../../../support/mutated-corpus.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';

const root = temporaryFolder();
const options = {mostPixels: 25e6, leastSide: 32, decode: true};
const kinds = async (content: Buffer, name = 'a.png') =>
  (await lookAtImage(content, name, options)).problems.map(({kind}) => kind);

describe('lookAtImage', () => {
  it('refuses a PNG of 400 million pixels and 1.2 MB from its header, within 300 MB of memory', async () => {
    const path = join(root, 'large.png');
    const content = largePng(20_000, 20_000);
    expect(content.length).toBeGreaterThan(1.1e6);
    expect(content.length).toBeLessThan(1.3e6);
    writeFileSync(path, content);
    const child = fileURLToPath(new URL('../../../support/look-child.ts', import.meta.url));
    const {stdout} = await promisify(execFile)(process.execPath, [
      '--import',
      import.meta.resolve('tsx'),
      child,
      path,
    ]);
    const {grownBytes, problems, said} = JSON.parse(stdout) as {
      grownBytes: number;
      problems: unknown[];
      said: string;
    };
    expect(problems).toEqual([{kind: 'huge', detail: '20000 x 20000 pixels, the limit is 25000000'}]);
    expect(said).toBe(
      `${path}: expected an image, got too many pixels: 20000 x 20000, the limit is 25000000`,
    );
    expect(grownBytes).toBeLessThan(300e6);
  });

  it('reads a large PNG that is within the limit', async () => {
    expect(await kinds(largePng(700, 600))).toEqual([]);
  });

  it('tells what is damaged inside from what was cut off', async () => {
    const whole = await drawnPicture(1).png().toBuffer();
    const damaged = Buffer.from(whole);
    damaged.fill(0x55, whole.length / 2, whole.length / 2 + 40);
    expect(await kinds(damaged)).toEqual(['corrupt']);
    expect(await kinds(whole.subarray(0, whole.length - 400))).toEqual(['truncated']);
    // decoders forgive a missing end mark; that something is gone is told all the same
    expect(await kinds(whole.subarray(0, whole.length - 12))).toEqual(['truncated']);
  });

  it('knows formats that are not read, and grey, transparent and vector images that are', async () => {
    expect(await kinds(Buffer.from('BM      '), 'a.bmp')).toEqual(['unsupported']);
    const grey = await drawnPicture(2).greyscale().toColourspace('b-w').png().toBuffer();
    const clear = await sharp(grey).ensureAlpha(0.5).png().toBuffer();
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><circle r="40"/></svg>',
    );
    for (const [content, name] of [
      [grey, 'a.png'],
      [clear, 'b.png'],
      [svg, 'c.svg'],
    ] as const) {
      const look = await lookAtImage(content, name, options);
      expect([look.problems, look.likeness?.thumbnail.length]).toEqual([[], 768]);
    }
  });

  it('says nothing about names without an extension of an image', async () => {
    const image = await drawnPicture(3).jpeg().toBuffer();
    expect(await kinds(image, 'row 12')).toEqual([]);
    expect(await kinds(image, 'a.JPEG')).toEqual([]);
    expect(await kinds(image, 'a.webp')).toEqual(['wrong-extension']);
  });
});
