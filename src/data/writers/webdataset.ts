import {createWriteStream} from 'node:fs';
import {join} from 'node:path';
import {pipeline} from 'node:stream/promises';
import {pack, type Pack} from 'tar-stream';
import {defineWriter, type RowToWrite} from '../set-writer.js';
import {sidecarsOf, stemOf} from '../sidecars.js';
import {haveKnownSplits, shardsOf} from '../written-files.js';

export default defineWriter({
  name: 'webdataset',
  summary: 'shards 00000.tar, ... (train-00000.tar with splits) of x.jpg, x.txt and x.json',
  sortsByName: true,
  drops: [],
  async write(request) {
    const haveNames = haveKnownSplits(request.rows);
    const nameOf = (split: string | null, number: number) => {
      const digits = String(number).padStart(5, '0');
      return split === null ? `${digits}.tar` : `${split}-${digits}.tar`;
    };
    for (const {name, rows} of shardsOf(request, nameOf)) {
      const archive = pack();
      const written = pipeline(archive, createWriteStream(join(request.folder, name), {flags: 'wx'}));
      // a failure is met when it is awaited
      written.catch(() => undefined);
      for (const row of rows) {
        await addSample(archive, row, {image: await request.read(row.image), saysSplit: !haveNames});
        request.onRow();
      }
      archive.finalize();
      await written;
    }
  },
});

async function addSample(
  archive: Pack,
  row: RowToWrite,
  {image, saysSplit}: {readonly image: Buffer; readonly saysSplit: boolean},
): Promise<void> {
  await addFile(archive, row.name, image);
  for (const [extension, content] of sidecarsOf(row, {saysSplit})) {
    await addFile(archive, `${stemOf(row)}.${extension}`, Buffer.from(content));
  }
}

/** The same set gives the same bytes: no time of day, no owner. */
function addFile(archive: Pack, name: string, content: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    archive.entry({name, mtime: new Date(0), mode: 0o644}, content, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}
