import {uniform} from '../engine/random.js';

/** Outlines in a square from -1 to 1, as the content of an SVG group filled with the scene's colour. */
const outlines = {
  circle: '<circle r="0.9"/>',
  square: '<rect x="-0.8" y="-0.8" width="1.6" height="1.6"/>',
  triangle: '<path d="M0 -0.95 L0.95 0.8 L-0.95 0.8 Z"/>',
  star: '<path d="M0 -1 L0.24 -0.33 L0.95 -0.31 L0.38 0.13 L0.59 0.81 L0 0.41 L-0.59 0.81 L-0.38 0.13 L-0.95 -0.31 L-0.24 -0.33 Z"/>',
  ring: '<path fill-rule="evenodd" d="M-0.95 0 a0.95 0.95 0 1 0 1.9 0 a0.95 0.95 0 1 0 -1.9 0 Z M-0.5 0 a0.5 0.5 0 1 0 1 0 a0.5 0.5 0 1 0 -1 0 Z"/>',
  cross: '<path d="M-0.3 -0.95 h0.6 v0.65 h0.65 v0.6 h-0.65 v0.65 h-0.6 v-0.65 h-0.65 v-0.6 h0.65 Z"/>',
} as const;

/** Hue in degrees, saturation and lightness in percent. */
const hues = {
  red: [0, 85, 48],
  orange: [28, 95, 52],
  yellow: [54, 95, 52],
  green: [125, 65, 38],
  blue: [222, 80, 50],
  purple: [285, 60, 45],
} as const;

/** Tiles of 16 pixels that fill the background, over its base tone; `{}` is the second tone. */
const textures = {
  plain: '',
  striped: '<rect width="16" height="8" fill="{}"/>',
  dotted: '<circle cx="8" cy="8" r="3.5" fill="{}"/>',
  checked: '<path d="M0 0 h8 v8 h-8 Z M8 8 h8 v8 h-8 Z" fill="{}"/>',
} as const;

export type Shape = keyof typeof outlines;
export type Colour = keyof typeof hues;
export type Texture = keyof typeof textures;

export const shapes = Object.keys(outlines) as readonly Shape[];
export const colours = Object.keys(hues) as readonly Colour[];
export const backgrounds = Object.keys(textures) as readonly Texture[];

/** One drawing: a coloured shape on a textured grey background. */
export interface Scene {
  readonly shape: Shape;
  readonly colour: Colour;
  readonly background: Texture;
}

/** Side of a drawing in pixels. */
export const sceneSize = 64;

/** The scene that a seed and counters draw; every shape, colour and background has the same chance. */
export function drawScene(seed: number, ...counters: readonly number[]): Scene {
  const pick = <T>(list: readonly T[], axis: number) =>
    list[Math.floor(uniform(seed, ...counters, axis) * list.length)]!;
  return {shape: pick(shapes, 0), colour: pick(colours, 1), background: pick(backgrounds, 2)};
}

/** An SVG drawing of a scene; place, size, tilt and tones vary with the seed and the counters. */
export function sceneSvg(scene: Scene, seed: number, ...counters: readonly number[]): string {
  const between = (low: number, high: number, axis: number) =>
    (low + uniform(seed, ...counters, axis) * (high - low)).toFixed(2);
  const [hue, saturation, lightness] = hues[scene.colour];
  const colour = `hsl(${hue}, ${saturation}%, ${between(lightness - 6, lightness + 6, 3)}%)`;
  const light = `hsl(0, 0%, ${between(90, 98, 4)}%)`;
  const dark = `hsl(0, 0%, ${between(76, 84, 5)}%)`;
  const half = sceneSize / 2;
  const place = `translate(${between(half - 6, half + 6, 6)} ${between(half - 6, half + 6, 7)})`;
  const pose = `rotate(${between(-8, 8, 8)}) scale(${between(18, 24, 9)})`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${sceneSize}" height="${sceneSize}">
<defs><pattern id="texture" width="16" height="16" patternUnits="userSpaceOnUse">
<rect width="16" height="16" fill="${light}"/>${textures[scene.background].replace('{}', dark)}</pattern></defs>
<rect width="100%" height="100%" fill="url(#texture)"/>
<g transform="${place} ${pose}" fill="${colour}">${outlines[scene.shape]}</g></svg>`;
}

/** The class of a scene: `red circle`. */
export function sceneLabel({shape, colour}: Pick<Scene, 'shape' | 'colour'>): string {
  return `${colour} ${shape}`;
}

/** Three descriptions of a scene; every word stands between spaces, so that keywords match. */
export function sceneCaptions({shape, colour, background}: Scene): readonly string[] {
  return [
    `${withArticle(colour)} ${shape} on a ${background} background`,
    `there is ${withArticle(shape)} in ${colour} on ${background} paper`,
    `${background} paper with one ${colour} ${shape} on it`,
  ];
}

function withArticle(word: string): string {
  return /^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`;
}
