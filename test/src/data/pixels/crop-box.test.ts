import fc from 'fast-check';
import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {randomCropBox, type CropDraws} from '../../../../src/data/pixels/crop-box.js';
import type {Box} from '../../../../src/data/pixels/rgb-image.js';
import {uniform} from '../../../../src/engine/random.js';

const {crops} = JSON.parse(readFileSync(new URL('../../../golden/pixels.json', import.meta.url), 'utf8')) as {
  crops: ReadonlyArray<{width: number; height: number; draws: CropDraws; box: Box}>;
};

function drawBoxes(width: number, height: number, count: number): Box[] {
  const draws = (i: number): CropDraws => [
    uniform(3, i, 0),
    uniform(3, i, 1),
    uniform(3, i, 2),
    uniform(3, i, 3),
  ];
  return Array.from({length: count}, (_, i) => randomCropBox({width, height}, draws(i)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('randomCropBox', () => {
  it.each(crops)("$width x $height with $draws is torchvision's box", ({width, height, draws, box}) => {
    expect(randomCropBox({width, height}, draws)).toEqual(box);
  });

  it('lies inside the image', () => {
    const draw = fc.double({min: 0, max: 1, maxExcluded: true, noNaN: true});
    const side = fc.integer({min: 1, max: 400});
    fc.assert(
      fc.property(side, side, fc.tuple(draw, draw, draw, draw), (width, height, draws) => {
        const box = randomCropBox({width, height}, draws);
        expect(Math.min(box.left, box.top, box.width - 1, box.height - 1)).toBeGreaterThanOrEqual(0);
        expect(box.left + box.width).toBeLessThanOrEqual(width);
        expect(box.top + box.height).toBeLessThanOrEqual(height);
      }),
    );
  });

  it('takes the share of the area that it is asked for', () => {
    for (let i = 0; i < 500; i++) {
      const draws: CropDraws = [uniform(4, i, 0), uniform(4, i, 1), uniform(4, i, 2), uniform(4, i, 3)];
      const {width, height} = randomCropBox({width: 3000, height: 2500}, draws, [0.1, 0.4]);
      const share = (width * height) / (3000 * 2500);
      expect(share).toBeCloseTo(0.1 + 0.3 * draws[0], 2);
    }
  });

  it('of a square falls back to the whole as seldom as ten independent tries do', () => {
    // A try of area share s fits when |ln ratio| <= -ln s, of ln(4/3) on either side; averaged over s in 0.9 to 1.
    const sides = 10_000; // so many pixels that rounding does not count
    const shares = Array.from({length: 1000}, (_, i) => 0.9 + (i + 0.5) / 10_000);
    const fits = mean(shares.map((share) => -Math.log(share) / Math.log(4 / 3)));
    const expected = (1 - fits) ** 10;
    const count = 20_000;
    const whole = drawBoxes(sides, sides, count).filter(({width, height}) => width * height === sides ** 2);
    const deviation = Math.sqrt((expected * (1 - expected)) / count);
    expect(Math.abs(whole.length / count - expected)).toBeLessThan(4 * deviation);
  });

  it('puts boxes of later tries anywhere, in all shapes that fit', () => {
    const boxes = drawBoxes(1000, 1000, 20_000).filter(({width, height}) => width < 1000 && height < 1000);
    const places = boxes.map(({left, width}) => left / (1000 - width + 1));
    expect(mean(places)).toBeCloseTo(0.5, 1);
    const wide = boxes.filter(({width, height}) => width > height).length / boxes.length;
    expect(wide).toBeGreaterThan(0.45);
    expect(wide).toBeLessThan(0.55);
  });
});
