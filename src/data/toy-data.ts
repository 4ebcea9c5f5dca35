import sharp from 'sharp';
import type {DomainData} from './domain.js';
import type {ImageRef} from './rows.js';
import {drawScene, sceneCaptions, sceneLabel, sceneSvg, type Scene} from './shape-scene.js';

/** How many drawings each part has. */
export interface ToySizes {
  readonly captioned: number;
  readonly unpaired: number;
  readonly test: number;
}

/**
 * Drawings of coloured shapes, made from a seed without any file: the same seed gives the same scenes, captions
 * and pixels, and no drawing is in two parts.
 */
export function toyData(seed: number, sizes: ToySizes): DomainData {
  const part = (name: keyof ToySizes, counter: number) =>
    Promise.all(
      Array.from({length: sizes[name]}, async (_, i) => {
        const scene = drawScene(seed, counter, i);
        const image = await drawing(`${name}-${i}.png`, sceneSvg(scene, seed, counter, i));
        return {scene, image};
      }),
    );
  const captioned = ({scene, image}: {readonly scene: Scene; readonly image: ImageRef}) => ({
    image,
    captions: sceneCaptions(scene),
    label: sceneLabel(scene),
  });
  return {
    captioned: async () => (await part('captioned', 0)).map(captioned),
    unpaired: async () => (await part('unpaired', 1)).map(({image}) => ({image})),
    test: async () => (await part('test', 2)).map(captioned),
  };
}

/** A PNG of an SVG, rendered once for its length and kept: a few kilobytes. */
async function drawing(id: string, svg: string): Promise<ImageRef> {
  const png = await sharp(Buffer.from(svg)).png().toBuffer();
  return {id, place: `drawn ${id}`, bytes: png.length, read: () => Promise.resolve(png)};
}
