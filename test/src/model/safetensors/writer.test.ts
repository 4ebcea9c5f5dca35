import {readFileSync} from 'node:fs';
import {readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {openSafetensors, writeSafetensors, type SafetensorsEntry} from '../../../../src/model/safetensors.js';
import type {WritableDtype} from '../../../../src/model/safetensors/encode.js';
import {exitCodes} from '../../../../src/support/errors.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';

interface Golden {
  readonly file: string;
  readonly tensors: Record<string, {dtype: string; shape: number[]; values: number[]}>;
}
const goldenFile = new URL('../../../golden/safetensors_files.json', import.meta.url);
const {cases} = JSON.parse(readFileSync(goldenFile, 'utf8')) as {cases: Record<string, Golden>};
const ourDtypes: Record<string, WritableDtype> = {
  float16: 'F16',
  bfloat16: 'BF16',
  float32: 'F32',
  int32: 'I32',
  int64: 'I64',
};

const folder = temporaryFolder();

function entry(
  name: string,
  dtype: WritableDtype,
  shape: readonly number[],
  values: readonly number[],
): SafetensorsEntry {
  const data = dtype.startsWith('I') ? Int32Array.from(values) : Float32Array.from(values);
  return {name, stored: {dtype, shape}, value: () => ({shape, data})};
}

describe('files of the reference library', () => {
  it.each(Object.entries(cases))('%s: every value is read', async (name, golden) => {
    const path = join(folder, `read ${name}`);
    await writeFile(path, Buffer.from(golden.file, 'base64'));
    const file = await openSafetensors(path);
    expect([...file.metadata]).toEqual([['format', 'pt']]);
    expect(file.names().sort()).toEqual(Object.keys(golden.tensors).sort());
    for (const [tensor, {shape, values}] of Object.entries(golden.tensors)) {
      const read = await file.read(tensor);
      expect(read.shape).toEqual(shape);
      expect([...read.data]).toEqual(
        values.map((value) => (Number.isInteger(value) ? value : Math.fround(value))),
      );
    }
    await file.close();
  });

  it('are written byte for byte', async () => {
    const golden = cases['order and alignment']!;
    const entries = Object.entries(golden.tensors).map(([name, {dtype, shape, values}]) =>
      entry(name, ourDtypes[dtype]!, shape, values),
    );
    const path = join(folder, 'same bytes');
    await writeSafetensors(path, entries, {metadata: {format: 'pt'}});
    expect((await readFile(path)).toString('base64')).toBe(golden.file);
  });
});

describe('writeSafetensors', () => {
  const shapes = fc.array(fc.integer({min: 0, max: 4}), {maxLength: 3});
  const tensors = fc.dictionary(
    fc.string(),
    fc.tuple(fc.constantFrom('F32', 'I32', 'I64'), shapes, fc.integer()),
    {maxKeys: 6},
  );

  it('gives back every name, shape, value and metadata text', async () => {
    await fc.assert(
      fc.asyncProperty(tensors, fc.dictionary(fc.string(), fc.string()), async (content, metadata) => {
        const path = join(folder, 'round trip');
        const entries = Object.entries(content).map(([name, [dtype, shape, first]]) => {
          const size = shape.reduce((product, length) => product * length, 1);
          return entry(
            `t${name}`,
            dtype,
            shape,
            Array.from({length: size}, (_, i) => Math.fround(first + i) | 0),
          );
        });
        await writeSafetensors(path, entries, {metadata});
        const file = await openSafetensors(path);
        expect(new Map(file.metadata)).toEqual(new Map(Object.entries(metadata)));
        for (const {name, value} of entries) expect(await file.read(name)).toEqual(value());
        expect(file.names()).toHaveLength(entries.length);
        await file.close();
      }),
      {numRuns: 60},
    );
  });

  it('stores floats as F32 and integers as I32 when not told', async () => {
    const path = join(folder, 'plain');
    await writeSafetensors(path, [
      {name: 'w', value: () => ({shape: [2], data: Float32Array.of(0.1, -0)})},
      {name: 'n', value: () => ({shape: [], data: Int32Array.of(7)})},
    ]);
    const file = await openSafetensors(path);
    expect(file.tensors.get('w')).toMatchObject({dtype: 'F32', shape: [2]});
    expect(file.tensors.get('n')).toMatchObject({dtype: 'I32', shape: []});
    expect(Object.is((await file.read('w')).data[1], -0)).toBe(true);
    await file.close();
  });

  it('calls every value once, and only while it is written', async () => {
    const order: string[] = [];
    const counted = (name: string): SafetensorsEntry => ({
      name,
      stored: {dtype: 'F32', shape: [1]},
      value: () => {
        order.push(name);
        return {shape: [1], data: new Float32Array(1)};
      },
    });
    await writeSafetensors(join(folder, 'lazy'), [counted('b'), counted('a'), counted('c')]);
    expect(order).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['NaN', 'F32', [1, NaN], 'w: expected finite numbers, got NaN at 1'],
    ['infinity', 'BF16', [-Infinity], 'w: expected finite numbers, got -Infinity at 0'],
    ['a number beyond F16', 'F16', [1, 2, 65520], 'w: expected numbers that F16 can hold, got 65520 at 2'],
    [
      'a number beyond BF16',
      'BF16',
      [3.4e38],
      'w: expected numbers that BF16 can hold, got 3.3999999521443642e+38 at 0',
    ],
  ] as const)('refuses %s, leaves the old file and no other', async (_, dtype, values, message) => {
    const place = join(folder, `refused ${message}`);
    const path = join(place, 'file');
    await writeSafetensors(path, [entry('w', 'F32', [1], [1])]);
    const before = await readFile(path);
    const failed = writeSafetensors(path, [entry('w', dtype, [values.length], values)]);
    await expect(failed).rejects.toMatchObject({name: 'UserError', exit: exitCodes.numerical, message});
    expect(await readFile(path)).toEqual(before);
    expect(await readdir(place)).toEqual(['file']);
  });

  it('counts the position of a bad value over the whole tensor', async () => {
    const values = new Float32Array(2 ** 20 + 10).fill(1);
    values[2 ** 20 + 3] = Infinity;
    const failed = writeSafetensors(join(folder, 'far'), [
      {name: 'w', value: () => ({shape: [values.length], data: values})},
    ]);
    await expect(failed).rejects.toThrow('w: expected finite numbers, got Infinity at 1048579');
  });

  it('keeps what is not finite when told to', async () => {
    const path = join(folder, 'non-finite');
    const values = [NaN, Infinity, -Infinity, 1e6];
    const entries = (['F32', 'F16', 'BF16'] as const).map((dtype) => entry(dtype, dtype, [4], values));
    await writeSafetensors(path, entries, {allowNonFinite: true});
    const file = await openSafetensors(path);
    expect([...(await file.read('F32')).data]).toEqual(values);
    expect([...(await file.read('F16')).data]).toEqual([NaN, Infinity, -Infinity, Infinity]);
    expect([...(await file.read('BF16')).data].slice(0, 3)).toEqual(values.slice(0, 3));
    await file.close();
  });

  it.each([
    [
      'a name twice',
      [entry('w', 'F32', [1], [1]), entry('w', 'F32', [1], [1])],
      'expected every name once, got w twice',
    ],
    [
      'too few values',
      [entry('w', 'F32', [2], [1])],
      'w: expected 2 values of F32, got 1 values in Float32Array',
    ],
    [
      'integers for floats',
      [{...entry('w', 'I32', [1], [1]), stored: {dtype: 'F32', shape: [1]}}],
      'w: expected 1 values of F32, got 1 values in Int32Array',
    ],
  ] as const)('calls %s a bug', async (_, entries, message) => {
    await expect(writeSafetensors(join(folder, 'bug'), entries)).rejects.toMatchObject({
      name: 'BugError',
      message: `writeSafetensors: ${message}`,
    });
  });
});

describe('openSafetensors', () => {
  it('reads tensors in any order, more than once, from the middle of a big file without reading it whole', async () => {
    const path = join(folder, 'big');
    const size = 2 ** 22;
    const fill = (value: number) => () => ({shape: [size], data: new Float32Array(size).fill(value)});
    await writeSafetensors(
      path,
      [1, 2, 3].map((value) => ({name: `t${value}`, value: fill(value)})),
    );
    const file = await openSafetensors(path);
    const before = process.memoryUsage().arrayBuffers;
    expect((await file.read('t3')).data[size - 1]).toBe(3);
    expect((await file.read('t1')).data[0]).toBe(1);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(3 * size * 4);
    await file.close();
  });

  it('refuses to read dtypes that have no float32 or int32 value', async () => {
    const header =
      '{"m":{"dtype":"BOOL","shape":[8],"data_offsets":[0,8]},"n":{"dtype":"I64","shape":[1],"data_offsets":[8,16]}}';
    const length = Buffer.alloc(8);
    length.writeUInt32LE(header.length);
    const path = join(folder, 'bool');
    await writeFile(
      path,
      Buffer.concat([length, Buffer.from(header), Buffer.alloc(8), Buffer.from('00000000ffffff7f', 'hex')]),
    );
    const file = await openSafetensors(path);
    await expect(file.read('m')).rejects.toThrow(
      `${path}: m: expected one of F16, BF16, F32, F64, I32, I64, got BOOL`,
    );
    await expect(file.read('n')).rejects.toThrow(
      `${path}: n: expected integers of 32 bits, got 9223372032559808512 at 0`,
    );
    await file.close();
  });

  it('notices a file that shrank after it was opened', async () => {
    const path = join(folder, 'shrinking');
    await writeSafetensors(path, [entry('w', 'F32', [4], [1, 2, 3, 4])]);
    const file = await openSafetensors(path);
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length - 4));
    await expect(file.read('w')).rejects.toThrow('the file has shrunk');
    await file.close();
  });
});
