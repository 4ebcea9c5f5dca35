import {describe, expect, it} from 'vitest';
import sharp from 'sharp';
import {heatTile, matrixTile, mosaicTile, plainTile} from '../../../src/report/image-tile.js';
import {pngOfSvg} from '../../../src/report/png-of-svg.js';
import {escapeXml} from '../../../src/report/svg-text.js';
import {tilePage} from '../../../src/report/tile-page.js';

const grey = {pixels255: new Uint8Array(8 * 8 * 3).fill(128), side: 8};
const grid = {rows: 2, columns: 2};

/** Mean red, green and blue of the four quarters of a square PNG. */
async function quarters(png: Buffer): Promise<number[][]> {
  const {data, info} = await sharp(png).removeAlpha().raw().toBuffer({resolveWithObject: true});
  const at = (y: number, x: number) => {
    const place = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * 3;
    return [...data.subarray(place, place + 3)];
  };
  return [at(0.2, 0.2), at(0.2, 0.8), at(0.8, 0.2), at(0.8, 0.8)];
}

describe('tiles', () => {
  it('heat is brightest where the value is highest', async () => {
    const png = await heatTile(grey, {...grid, values: [0.1, 0.2, 0.9, 0.3]}, 40);
    const brightness = (await quarters(png)).map(([r = 0, g = 0, b = 0]) => r + g + b);
    expect(brightness.indexOf(Math.max(...brightness))).toBe(2);
  });

  it('a mosaic has the colour of each place', async () => {
    const [red, , , blue] = await quarters(
      await mosaicTile(
        grey,
        {
          ...grid,
          values: [
            [255, 0, 0],
            [0, 255, 0],
            [0, 255, 0],
            [0, 0, 255],
          ],
        },
        40,
      ),
    );
    expect(red![0]).toBeGreaterThan(red![2]! + 100);
    expect(blue![2]).toBeGreaterThan(blue![0]! + 100);
  });

  it('a matrix keeps its rows and columns, and the plain image its pixels', async () => {
    const [topLeft, topRight] = await quarters(await matrixTile({...grid, values: [1, 0, 0, 0]}, 40));
    expect(topLeft![0]).toBeGreaterThan(topRight![0]! + 200);
    expect(await quarters(await plainTile(grey, 40))).toEqual(Array.from({length: 4}, () => [128, 128, 128]));
  });
});

describe('tilePage', () => {
  const png = Buffer.from('89504e47', 'hex');
  const page = (label: string) =>
    tilePage({
      title: 'A <page>',
      sections: [{heading: 'one', tiles: [{png, label}]}],
      tileSize: 50,
      perRow: 2,
    });

  it('holds its pictures itself and writes mark-up as text', () => {
    const svg = page('<script>"x"&');
    expect(svg).toContain('data:image/png;base64,iVBORw');
    expect(svg).toContain('A &lt;page&gt;');
    expect(svg).not.toContain('<script');
    expect(svg).not.toMatch(/href="(?!data:)/);
  });

  it('cuts a label that is wider than its tile', () => {
    expect(page('a label that would run into the next tile')).toContain('…</text>');
    expect(page('short')).toContain('>short</text>');
  });

  it('puts tiles into rows, the page as high as it must be', () => {
    const tiles = Array.from({length: 5}, (_, i) => ({png, label: `t${i}`}));
    const svg = tilePage({title: 't', sections: [{heading: 'h', tiles}], tileSize: 100, perRow: 2});
    const tops = [...svg.matchAll(/<image x="(\d+)" y="(\d+)"/g)].map(([, x, y]) => `${x} ${y}`);
    expect(new Set(tops).size).toBe(5);
    const [, height] = /height="(\d+)"/.exec(svg)!;
    expect(Number(height)).toBeGreaterThan(3 * 100);
  });

  it('becomes a PNG in which the text shows, whatever fonts the machine has', async () => {
    const background = '#ffffff';
    const tile = await sharp({create: {width: 4, height: 4, channels: 3, background}})
      .png()
      .toBuffer();
    const draw = (label: string) =>
      pngOfSvg(
        tilePage({
          title: label,
          sections: [{heading: '', tiles: [{png: tile, label: ''}]}],
          tileSize: 40,
          perRow: 1,
        }),
      );
    const [{channels: written}, {channels: blank}] = [
      await sharp(await draw('Wörter')).stats(),
      await sharp(await draw('')).stats(),
    ];
    expect(written[0]!.min).toBeLessThan(60);
    expect(blank[0]!.min).toBe(255);
  });
});

describe('escapeXml', () => {
  it('leaves out what XML cannot hold', () => {
    expect(escapeXml('a\u0000b\u001b[0m & <c>')).toBe('ab[0m &amp; &lt;c&gt;');
    expect(escapeXml('emoji 🌾 stay')).toBe('emoji 🌾 stay');
  });
});
