import {existsSync} from 'node:fs';
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import sharp from 'sharp';
import {openCaptioned} from '../../src/data/open-data.js';
import {drawScene, sceneCaptions, sceneSvg} from '../../src/data/shape-scene.js';
import {writeJsonAtomically} from '../../src/support/atomic-file.js';
import {benchData} from '../support/shared-files.js';

/** What is embedded. */
export interface Material {
  /** Folder of `000000.jpg`, `000001.jpg`, ... */
  readonly images: string;
  /** JSON list of texts. */
  readonly texts: string;
  readonly description: string;
}

/** Side of the images in pixels, as UCM and most sets of aerial photographs have it. */
const side = 256;

/** Writes images as JPEG files, and a caption for each: UCM's where it lies beside the clone, else drawn scenes. */
export async function writeMaterial(folder: string, count: number): Promise<Material> {
  const images = join(folder, 'images');
  await mkdir(images, {recursive: true});
  const path = benchData('ucm.tar');
  const source = existsSync(path) ? await photographs(path, count) : drawings(count);
  const captions: string[] = [];
  for (const [i, {picture, caption}] of source.entries()) {
    const jpeg = await sharp(await picture())
      .resize(side, side, {fit: 'fill'})
      .jpeg({quality: 90})
      .toBuffer();
    await writeFile(join(images, `${String(i).padStart(6, '0')}.jpg`), jpeg);
    captions.push(caption);
  }
  const texts = join(folder, 'texts.json');
  await writeJsonAtomically(texts, captions);
  const kind = existsSync(path) ? 'aerial photographs' : 'drawings';
  return {
    images,
    texts,
    description: `${count} ${kind} of ${side} x ${side} pixels as JPEG, ${count} captions`,
  };
}

interface Sample {
  readonly picture: () => Promise<Buffer>;
  readonly caption: string;
}

/** The first rows of UCM, over again when there are not enough. */
async function photographs(path: string, count: number): Promise<Sample[]> {
  const {rows} = await openCaptioned(path, {split: 'all'});
  return Array.from({length: count}, (_, i) => {
    const {image, captions} = rows[i % rows.length]!;
    return {picture: () => image.read(), caption: captions[0]!};
  });
}

function drawings(count: number): Sample[] {
  return Array.from({length: count}, (_, i) => {
    const scene = drawScene(0, i);
    return {
      picture: () => Promise.resolve(Buffer.from(sceneSvg(scene, 0, i))),
      caption: sceneCaptions(scene)[i % 3]!,
    };
  });
}
