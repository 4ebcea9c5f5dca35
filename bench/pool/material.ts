import {createWriteStream} from 'node:fs';
import {mkdir, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {once} from 'node:events';
import {ParquetWriter, fileWriter} from 'hyparquet-writer';
import sharp from 'sharp';
import {pack} from 'tar-stream';

/** Ways to keep a pool of images. */
export const poolForms = ['list', 'tar', 'parquet', 'folder'] as const;
export type PoolForm = (typeof poolForms)[number];

/** Images in a folder, and folders in a folder of folders. */
const perFolder = 1000;

/**
 * Makes a pool of so many images, all with different names and the same pixels.
 * @returns its path
 */
export async function makePool(folder: string, form: PoolForm, count: number): Promise<string> {
  const image = await sharp({create: {width: 64, height: 64, channels: 3, background: 'teal'}})
    .jpeg()
    .toBuffer();
  return makers[form](join(folder, `${form}-${count}`), image, count);
}

type Maker = (path: string, image: Buffer, count: number) => Promise<string>;

const makers: Readonly<Record<PoolForm, Maker>> = {
  list: async (path, image, count) => {
    await makeTree(path, image, count);
    const lines = Array.from({length: count}, (_, i) => `${nameOf(i)}\n`);
    await writeFile(join(path, 'pool.txt'), lines.join(''));
    return join(path, 'pool.txt');
  },
  // links to one folder count once, so that the folders are real and the files are links to one image
  folder: async (path, image, count) => {
    await mkdir(path, {recursive: true});
    await writeFile(`${path}.jpg`, image);
    for (let start = 0; start < count; start += perFolder) {
      const below = join(path, String(start / perFolder).padStart(5, '0'));
      await mkdir(below);
      const names = Array.from({length: Math.min(perFolder, count - start)}, (_, i) => `${i}.jpg`);
      await Promise.all(names.map((name) => symlink(`${path}.jpg`, join(below, name))));
    }
    return path;
  },
  tar: async (path, image, count) => {
    const archive = pack();
    const file = createWriteStream(`${path}.tar`);
    archive.pipe(file);
    for (let i = 0; i < count; i++) {
      await new Promise<void>((resolve, reject) =>
        archive.entry({name: nameOf(i)}, image, (error) => (error ? reject(error) : resolve())),
      );
    }
    archive.finalize();
    await once(file, 'close');
    return `${path}.tar`;
  },
  parquet: async (path, image, count) => {
    const file = new ParquetWriter({
      writer: fileWriter(`${path}.parquet`),
      schema: [
        {name: 'root', num_children: 2},
        {name: 'key', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED'},
        {name: 'jpg', type: 'BYTE_ARRAY', repetition_type: 'REQUIRED'},
      ],
      codec: 'SNAPPY',
      statistics: false,
    });
    for (let start = 0; start < count; start += perFolder) {
      const names = Array.from({length: Math.min(perFolder, count - start)}, (_, i) => nameOf(start + i));
      await file.write({
        columnData: [
          {name: 'key', data: names},
          {name: 'jpg', data: names.map(() => image), encoding: 'PLAIN'},
        ],
      });
    }
    await file.finish();
    return `${path}.parquet`;
  },
};

/** A thousand files, and a link to their folder for each thousand that is wanted. */
async function makeTree(path: string, image: Buffer, count: number): Promise<void> {
  await mkdir(join(path, 'files'), {recursive: true});
  for (let i = 0; i < perFolder; i++) await writeFile(join(path, 'files', fileName(i)), image);
  for (let i = 0; i < count; i += perFolder) await symlink('files', join(path, folderName(i)));
}

function nameOf(i: number): string {
  return `${folderName(i)}/${fileName(i)}`;
}

function folderName(i: number): string {
  return String(Math.floor(i / perFolder)).padStart(6, '0');
}

function fileName(i: number): string {
  return `${String(i % perFolder).padStart(3, '0')}.jpg`;
}
