import sharp from 'sharp';
import {describe, expect, it} from 'vitest';
import {
  drawScene,
  sceneCaptions,
  sceneLabel,
  sceneSvg,
  shapes,
  colours,
  backgrounds,
} from '../../../src/data/shape-scene.js';
import {toyData} from '../../../src/data/toy-data.js';

const sizes = {captioned: 6, unpaired: 5, test: 4};

describe('toyData', () => {
  it('draws the same pixels from the same seed, and others from another', async () => {
    const draw = async (seed: number) =>
      Promise.all(
        (await toyData(seed, sizes).captioned()).map(async ({image}) => (await image.read()).toString('hex')),
      );
    const [first, second, other] = [await draw(1), await draw(1), await draw(2)];
    expect(second).toEqual(first);
    expect(first.filter((png) => other.includes(png))).toEqual([]);
  });

  it('shares no drawing between its parts', async () => {
    const data = toyData(1, sizes);
    const rows = [...(await data.captioned()), ...(await data.unpaired()), ...(await data.test())];
    expect(rows).toHaveLength(15);
    const pngs = await Promise.all(rows.map(async ({image}) => (await image.read()).toString('hex')));
    expect(new Set(pngs).size).toBe(15);
    expect(new Set(rows.map(({image}) => image.id)).size).toBe(15);
    expect(rows.map(({image}) => image.bytes)).toEqual(pngs.map((png) => png.length / 2));
  });

  it('labels and captions what is drawn', async () => {
    for (const {label, captions} of await toyData(3, sizes).test()) {
      const [colour, shape] = label.split(' ');
      for (const caption of captions)
        expect(caption.split(' ')).toEqual(expect.arrayContaining([colour, shape]));
    }
  });
});

describe('a scene', () => {
  it('is any shape, colour and background with the same chance', () => {
    const scenes = Array.from({length: 6000}, (_, i) => drawScene(7, i));
    for (const [list, part] of [
      [shapes, 'shape'],
      [colours, 'colour'],
      [backgrounds, 'background'],
    ] as const) {
      for (const value of list) {
        const share = scenes.filter((scene) => scene[part] === value).length / scenes.length;
        // six standard deviations of a share of 6000
        expect(Math.abs(share - 1 / list.length)).toBeLessThan(0.034);
      }
    }
  });

  it.each(shapes.flatMap((shape) => colours.map((colour) => [colour, shape] as const)))(
    'shows a %s %s on grey paper',
    async (colour, shape) => {
      const svg = sceneSvg({shape, colour, background: 'dotted'}, 0, 1);
      const {data, info} = await sharp(Buffer.from(svg))
        .removeAlpha()
        .raw()
        .toBuffer({resolveWithObject: true});
      expect([info.width, info.height]).toEqual([64, 64]);
      const pixels = Array.from({length: 64 * 64}, (_, i) => [...data.subarray(3 * i, 3 * i + 3)]);
      const coloured = pixels.filter((rgb) => Math.max(...rgb) - Math.min(...rgb) > 60);
      expect(coloured.length / pixels.length).toBeGreaterThan(0.05);
      expect(coloured.length / pixels.length).toBeLessThan(0.6);
      const strongest = {red: 'R', orange: 'RG', yellow: 'RG', green: 'G', blue: 'B', purple: 'BR'}[colour];
      const mean = [0, 1, 2].map((c) => coloured.reduce((sum, rgb) => sum + rgb[c]!, 0) / coloured.length);
      const top = [...'RGB'].sort((a, b) => mean['RGB'.indexOf(b)]! - mean['RGB'.indexOf(a)]!);
      expect(strongest).toContain(top[0]);
    },
  );

  it('is described with the right article', () => {
    const captions = sceneCaptions({shape: 'star', colour: 'orange', background: 'plain'});
    expect(captions[0]).toBe('an orange star on a plain background');
    expect(captions[1]).toBe('there is a star in orange on plain paper');
    expect(sceneLabel({shape: 'star', colour: 'orange'})).toBe('orange star');
  });
});
