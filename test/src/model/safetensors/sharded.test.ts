import {mkdtemp, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {openSharded, writeSafetensors} from '../../../../src/model/safetensors.js';
import {exitCodes} from '../../../../src/support/errors.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';

const root = temporaryFolder();

/** A folder with the shards one.safetensors (a, b) and two.safetensors (c) and this index. */
async function shards(index: unknown): Promise<string> {
  const folder = await mkdtemp(join(root, 'shards-'));
  const value = (first: number) => () => ({shape: [2], data: Float32Array.of(first, first + 1)});
  await writeSafetensors(join(folder, 'one.safetensors'), [
    {name: 'a', value: value(1)},
    {name: 'b', value: value(2)},
  ]);
  await writeSafetensors(join(folder, 'two.safetensors'), [{name: 'c', value: value(3)}], {
    metadata: {format: 'pt'},
  });
  const path = join(folder, 'model.safetensors.index.json');
  await writeFile(path, typeof index === 'string' ? index : JSON.stringify(index));
  return path;
}

const whole = {a: 'one.safetensors', b: 'one.safetensors', c: 'two.safetensors'};

describe('openSharded', () => {
  it('reads the tensors of all shards as if they were one file', async () => {
    const file = await openSharded(await shards({metadata: {total_size: 24}, weight_map: whole}));
    expect(file.names()).toEqual(['a', 'b', 'c']);
    expect([...(await file.read('c')).data]).toEqual([3, 4]);
    expect([...(await file.read('b')).data]).toEqual([2, 3]);
    expect([...file.metadata]).toEqual([['format', 'pt']]);
    await file.close();
  });

  it.each([
    ['text', 'not json', 'expected JSON, got'],
    ['a list', [], 'expected {"weight_map": {tensor: file}}, got another structure'],
    ['no map', {}, 'expected {"weight_map": {tensor: file}}, got another structure'],
    ['numbers', {weight_map: {a: 1}}, 'expected {"weight_map": {tensor: file}}, got another structure'],
    ['an empty map', {weight_map: {}}, 'weight_map: expected at least one tensor, got none'],
    ...[
      '../one.safetensors',
      '/etc/one.safetensors',
      'sub/one.safetensors',
      '..\\one.safetensors',
      '.hidden.safetensors',
      'one.bin',
      '',
    ].map((shard): [string, unknown, string] => [
      `the shard ${shard.replaceAll(/\W/g, '_')}`,
      {weight_map: {...whole, b: shard}},
      `weight_map.b: expected a .safetensors file beside the index, got ${JSON.stringify(shard)}`,
    ]),
    [
      'a missing shard',
      {weight_map: {...whole, d: 'three.safetensors'}},
      'expected the shard three.safetensors beside it, got no such file',
    ],
    [
      'a tensor that is not there',
      {weight_map: {...whole, d: 'two.safetensors'}},
      'weight_map.d: expected it in two.safetensors, got a file without it',
    ],
    [
      'a tensor in the other shard',
      {weight_map: {...whole, a: 'two.safetensors'}},
      'weight_map.a: expected it in two.safetensors, got a file without it',
    ],
    [
      'a tensor left out',
      {weight_map: {a: 'one.safetensors', c: 'two.safetensors'}},
      'expected every tensor of one.safetensors in weight_map, got b that is not',
    ],
  ])('an index with %s is refused', async (_, index, message) => {
    const path = await shards(index);
    const error: unknown = await openSharded(path).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({name: 'UserError', exit: exitCodes.data});
    expect((error as Error).message).toContain(`${path}: ${message}`);
  });
});
