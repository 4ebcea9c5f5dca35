import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {entriesOf} from '../../../../src/app/sides/side-entries.js';
import {openSideTable} from '../../../../src/app/sides/side-table.js';
import {writeSafetensors} from '../../../../src/model/safetensors.js';
import {exitCodes} from '../../../../src/support/errors.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';

const root = temporaryFolder();

function lines(name: string, objects: readonly unknown[]): string {
  const path = join(root, name);
  writeFileSync(path, objects.map((object) => `${JSON.stringify(object)}\n`).join(''));
  return path;
}

async function tensors(name: string, metadata: Readonly<Record<string, string>>): Promise<string> {
  const path = join(root, name);
  const data = Float32Array.from({length: 2 * 3 * 4}, (_, i) => i);
  await writeSafetensors(path, [{name: 'tokens', value: () => ({shape: [2, 3, 4], data})}], {metadata});
  return path;
}

const images = JSON.stringify(['b.png', 'a.png']);
const rows = (...ids: string[]) =>
  ids.map((id) => ({image: {id, place: id, bytes: 1, read: () => Promise.resolve(Buffer.alloc(0))}}));

describe('a side file', () => {
  it('of safetensors gives the rows of a tensor by the ids in its metadata', async () => {
    const table = await openSideTable(
      await tensors('a.safetensors', {images, tags: '["roof", "road"]'}),
      'tokens',
    );
    expect([table.shape, table.ids, table.texts]).toEqual([
      [3, 4],
      ['b.png', 'a.png'],
      ['roof', 'road'],
    ]);
    expect([...(await table.read(1))]).toEqual(Array.from({length: 12}, (_, i) => 12 + i));
    await table.close();
  });

  it('of JSON lines gives the mean of the rows of each image, and its tags as one text', async () => {
    const path = lines('a.jsonl', [
      {
        image: 'a.png',
        features: [
          [1, 2],
          [3, 4],
          [5, 9],
        ],
        tags: ['red roof', 'road'],
      },
      {image: 'b.png', features: [7, 8], tags: 'sea'},
    ]);
    const table = await openSideTable(path, 'features');
    expect([table.shape, table.ids, table.texts]).toEqual([
      [2],
      ['a.png', 'b.png'],
      ['red roof, road', 'sea'],
    ]);
    expect([[...(await table.read(0))], [...(await table.read(1))]]).toEqual([
      [3, 5],
      [7, 8],
    ]);
  });

  it.each([
    ['x.csv', [], /x\.csv: expected a file \.safetensors or \.jsonl, got another extension$/],
    ['empty.jsonl', [], /empty\.jsonl: expected a JSON object a line, got an empty file$/],
    ['id.jsonl', [{features: [1]}], /line 1: expected the id of an image under image, got undefined$/],
    [
      'none.jsonl',
      [{image: 'a'}],
      /line 1: expected a list of numbers, or of such lists, under features, got something else$/,
    ],
    ['ragged.jsonl', [{image: 'a', features: [[1], [1, 2]]}], /line 1: expected a list of numbers/],
    [
      'width.jsonl',
      [
        {image: 'a', features: [1]},
        {image: 'b', features: [1, 2]},
      ],
      /b: expected features of shape \[1\] as in the first line, got \[2\]$/,
    ],
    [
      'twice.jsonl',
      [
        {image: 'a', features: [1]},
        {image: 'a', features: [2]},
      ],
      /expected one entry for each image, got two for a$/,
    ],
    [
      'tags.jsonl',
      [
        {image: 'a', features: [1], tags: 'x'},
        {image: 'b', features: [2]},
      ],
      /b: expected tags as in other lines, got none$/,
    ],
    [
      'empty-tag.jsonl',
      [{image: 'a', features: [1], tags: []}],
      /line 1: expected a text or a list of texts under tags, got \[\]$/,
    ],
  ])('%s is refused in one sentence', async (name, objects, message) => {
    await expect(openSideTable(lines(name, objects), 'features')).rejects.toMatchObject({
      message: expect.stringMatching(message) as string,
      exit: exitCodes.data,
    });
  });

  it.each([
    ['no-ids', {}, /expected a JSON list of the ids of the images under images in its metadata, got none$/],
    ['few-ids', {images: '["a"]'}, /expected 2 entries under images in its metadata, one a row, got 1$/],
    ['not-json', {images: 'a, b'}, /expected a JSON list of texts under images in its metadata, got a, b$/],
  ])('of safetensors with %s is refused', async (name, metadata: Record<string, string>, message) => {
    const path = await tensors(`${name}.safetensors`, metadata);
    await expect(openSideTable(path, 'tokens')).rejects.toThrow(message);
  });

  it('without the tensor is refused', async () => {
    const path = await tensors('other.safetensors', {images});
    await expect(openSideTable(path, 'features')).rejects.toThrow(
      /expected a tensor features of shape \[images, \.\.\.\], got none among tokens$/,
    );
  });
});

it('images find their entries by id, and the first without one is named', () => {
  const table = {path: 'side.jsonl', ids: ['b', 'a', 'c']};
  expect([...entriesOf(table, rows('a', 'b', 'a'))]).toEqual([1, 0, 1]);
  expect(() => entriesOf(table, rows('a', 'd'))).toThrow(
    'side.jsonl: expected an entry for d, got none among 3, such as b',
  );
});
