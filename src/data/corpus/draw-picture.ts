import sharp from 'sharp';
import {uniform} from '../../engine/random.js';
import type {Icon} from './icon-set.js';

/** How drawings vary, so that a model does not learn one style's habits. Variant 0 is the drawing as it is, on white. */
export interface PictureVariation {
  /** Pixels of a side. */
  readonly size: number;
  readonly seed: number;
}

const ranges = {
  /** Share of the frame that the drawing fills. */
  scale: [0.72, 1],
  degrees: [-12, 12],
  hueDegrees: [-12, 12],
  saturation: [0.75, 1.3],
  lightness: [0.88, 1.1],
  /** Of backgrounds that are not white, in HSL. */
  background: {saturation: [0, 0.7], lightness: [0.78, 1]},
  /** Ink of drawings in one colour that take it from the text around them. */
  ink: {saturation: [0, 0.8], lightness: [0.05, 0.4]},
} as const;
/** What the frame leaves free around variant 0. */
const margin = 0.03;

/**
 * A drawing as a PNG without alpha, [size, size]. Drawings that take the colour of the text are dark grey in variant 0.
 * @param counters tell the picture; with the seed they decide how variants from 1 on differ
 */
export async function drawPicture(
  icon: Icon,
  {size, seed}: PictureVariation,
  [picture, variant]: readonly [picture: number, variant: number],
): Promise<Buffer> {
  const draw = (what: number) => uniform(seed, picture, variant, what);
  const svg = Buffer.from(variant === 0 ? plainSvg(icon, size) : variedSvg(icon, size, draw));
  const drawing = sharp(svg).flatten({background: 'white'});
  const varied =
    variant === 0
      ? drawing
      : drawing.modulate({
          hue: Math.round(between(ranges.hueDegrees, draw(10)) + 360) % 360,
          saturation: between(ranges.saturation, draw(11)),
          brightness: between(ranges.lightness, draw(12)),
        });
  return varied.toColourspace('srgb').png({compressionLevel: 6}).toBuffer();
}

function plainSvg(icon: Icon, size: number): string {
  return framed(icon, size, {
    scale: 1 - 2 * margin,
    degrees: 0,
    right: 0,
    down: 0,
    ink: '#333',
    background: 'white',
  });
}

function variedSvg(icon: Icon, size: number, draw: (what: number) => number): string {
  const scale = between(ranges.scale, draw(0));
  const isWhite = draw(4) < 0.5;
  const {background, ink} = ranges;
  return framed(icon, size, {
    scale,
    degrees: between(ranges.degrees, draw(1)),
    right: (draw(2) - 0.5) * (1 - scale),
    down: (draw(3) - 0.5) * (1 - scale),
    background: isWhite ? 'white' : colour(background, [draw(5), draw(6), draw(7)]),
    ink: colour(ink, [draw(5), draw(8), draw(9)]),
  });
}

interface Placement {
  readonly scale: number;
  readonly degrees: number;
  /** Of the centre from the middle, shares of the frame. */
  readonly right: number;
  readonly down: number;
  readonly ink: string;
  readonly background: string;
}

function framed({body, left, top, width, height}: Icon, size: number, place: Placement): string {
  const factor = (place.scale * size) / Math.max(width, height);
  const [x, y] = [size * (0.5 + place.right), size * (0.5 + place.down)];
  const centre = `${-left - width / 2} ${-top - height / 2}`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${size}" height="${size}">` +
    `<rect width="${size}" height="${size}" fill="${place.background}"/>` +
    `<g color="${place.ink}" transform="translate(${x} ${y}) rotate(${place.degrees}) scale(${factor}) translate(${centre})">` +
    `${body}</g></svg>`
  );
}

function colour(
  {saturation, lightness}: {readonly saturation: Range; readonly lightness: Range},
  [h, s, l]: readonly [number, number, number],
): string {
  const percent = (share: number) => `${Math.round(100 * share)}%`;
  return `hsl(${Math.round(360 * h)}, ${percent(between(saturation, s))}, ${percent(between(lightness, l))})`;
}

type Range = readonly [least: number, largest: number];

function between([least, largest]: Range, share: number): number {
  return least + (largest - least) * share;
}
