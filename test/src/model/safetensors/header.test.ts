import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openSafetensors} from '../../../../src/model/safetensors.js';
import {exitCodes} from '../../../../src/support/errors.js';
import {safetensorsBytes} from '../../../support/safetensors-bytes.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fewclip-header-'));
});
afterAll(() => rm(folder, {recursive: true}));

function tensor(dtype: string, shape: string, offsets: string): string {
  return `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;
}

const four = tensor('F32', '[1]', '[0,4]');
const lengthOnly = (length: bigint) => {
  const bytes = Buffer.alloc(32);
  bytes.writeBigUInt64LE(length);
  return bytes;
};

const malformed: Record<string, [file: Buffer, message: string]> = {
  'an empty file': [Buffer.alloc(0), 'expected at least 8 bytes, got 0'],
  'half a header length': [Buffer.alloc(5), 'expected at least 8 bytes, got 5'],
  'a header length over the limit': [
    lengthOnly(2n ** 63n + 1n),
    'expected a header of at most 100000000 bytes, got 9223372036854775809',
  ],
  'a header longer than the file': [
    lengthOnly(1000n),
    'expected a header of 1000 bytes, got 24: the file is truncated',
  ],
  'an empty header': [
    safetensorsBytes(''),
    'header, character 0: expected a header that starts with {, got its end',
  ],
  'a list for a header': [
    safetensorsBytes('[]'),
    'header, character 0: expected a header that starts with {, got "[]"',
  ],
  'bytes that are not UTF-8': [
    Buffer.concat([lengthOnly(3n).subarray(0, 8), Buffer.from([0x7b, 0xff, 0x7d])]),
    'expected a header in UTF-8, got other bytes',
  ],
  'a header that ends early': [
    safetensorsBytes('{"a":'),
    'header, character 5: expected a string, a whole number, a list or an object, got its end',
  ],
  'a key without its colon': [safetensorsBytes('{"a" 1}'), 'header, character 5: expected :, got "1}"'],
  'a comma too many': [
    safetensorsBytes(`{"a":${four},}`, 4),
    'header, character 54: expected a string, got "}"',
  ],
  'a string without an end': [
    safetensorsBytes('{"a'),
    'header, character 1: expected a valid JSON string, got "\\"a"',
  ],
  'a string with a bad escape': [
    safetensorsBytes('{"\\x":1}'),
    'header, character 1: expected a valid JSON string, got "\\"\\\\x\\":1}"',
  ],
  'a fraction': [
    safetensorsBytes('{"a":1.5}'),
    'header, character 5: expected a string, a whole number, a list or an object, got "1.5}"',
  ],
  'a negative number': [
    safetensorsBytes('{"a":[-1]}'),
    'header, character 6: expected a string, a whole number, a list or an object, got "-1]}"',
  ],
  'a leading zero': [
    safetensorsBytes('{"a":01}'),
    'header, character 5: expected a string, a whole number, a list or an object, got "01}"',
  ],
  'a number beyond 2^53': [
    safetensorsBytes('{"a":9007199254740993}'),
    'header, character 5: expected whole numbers below 2^53, got 9007199254740993',
  ],
  null: [
    safetensorsBytes('{"a":null}'),
    'header, character 5: expected a string, a whole number, a list or an object, got "null}"',
  ],
  'deep nesting': [
    safetensorsBytes(`{"a":${'['.repeat(100_000)}`),
    'header, character 7: expected a header at most 3 levels deep, got "[[[[[[[[[[[["',
  ],
  'a key twice': [
    safetensorsBytes(`{"a":${four},"a":${four}}`, 4),
    'header, character 57: expected every key once, got "a" twice',
  ],
  'a key twice under two spellings': [
    safetensorsBytes(`{"a":${four},"\\u0061":${four}}`, 4),
    'expected every key once, got "a" twice',
  ],
  'text behind the header': [
    safetensorsBytes('{}x'),
    'header, character 2: expected nothing but spaces after the header, got "x"',
  ],
  'metadata that is a list': [
    safetensorsBytes('{"__metadata__":[]}'),
    '__metadata__: expected an object, got a list',
  ],
  'metadata that is a number': [
    safetensorsBytes('{"__metadata__":{"a":1}}'),
    '__metadata__.a: expected a string, got 1',
  ],
  'a tensor that is a number': [safetensorsBytes('{"a":1}'), 'a: expected an object, got 1'],
  'a tensor without offsets': [
    safetensorsBytes('{"a":{"dtype":"F32","shape":[1]}}', 4),
    'a: expected data_offsets, dtype and shape, got dtype, shape',
  ],
  'a tensor with another key': [
    safetensorsBytes(`{"a":{"x":1,${four.slice(1)}}`, 4),
    'a: expected data_offsets, dtype and shape, got data_offsets, dtype, shape, x',
  ],
  'an unknown dtype': [
    safetensorsBytes(`{"a":${tensor('F31', '[1]', '[0,4]')}}`, 4),
    `a: dtype: expected one of the format's, got "F31"`,
  ],
  'a dtype that is inherited': [
    safetensorsBytes(`{"a":${tensor('toString', '[1]', '[0,4]')}}`, 4),
    `a: dtype: expected one of the format's, got "toString"`,
  ],
  'a shape of strings': [
    safetensorsBytes(`{"a":${tensor('F32', '["1"]', '[0,4]')}}`, 4),
    'a: shape: expected a list of whole numbers, got a list',
  ],
  'a shape that is a string': [
    safetensorsBytes(`{"a":${tensor('F32', '"1"', '[0,4]')}}`, 4),
    'a: shape: expected a list of whole numbers, got "1"',
  ],
  'one offset': [
    safetensorsBytes(`{"a":${tensor('F32', '[1]', '[0]')}}`, 4),
    'a: data_offsets: expected 2 numbers, got 1',
  ],
  'three offsets': [
    safetensorsBytes(`{"a":${tensor('F32', '[1]', '[0,4,8]')}}`, 4),
    'a: data_offsets: expected 2 numbers, got 3',
  ],
  'offsets that go backwards': [
    safetensorsBytes(`{"a":${tensor('F32', '[1]', '[4,0]')}}`, 4),
    'a: data_offsets: expected begin <= end, got 4 and 0',
  ],
  'a shape that overflows': [
    safetensorsBytes(`{"a":${tensor('F32', '[4294967296,4294967296]', '[0,4]')}}`, 4),
    'a: shape: expected a whole number of bytes below 2^53, got [4294967296, 4294967296] of F32',
  ],
  'a shape that ends inside a byte': [
    safetensorsBytes(`{"a":${tensor('F4', '[3]', '[0,2]')}}`, 2),
    'a: shape: expected a whole number of bytes below 2^53, got [3] of F4',
  ],
  'a size that is not its shape': [
    safetensorsBytes(`{"a":${tensor('F16', '[2, 3]', '[0,10]')}}`, 10),
    'a: data_offsets: expected 12 bytes for [2, 3] of F16, got 10',
  ],
  'tensors that overlap': [
    safetensorsBytes(`{"a":${tensor('F32', '[2]', '[0,8]')},"b":${tensor('F32', '[1]', '[4,8]')}}`, 8),
    'b: expected it to begin at byte 8, got 4: tensors overlap',
  ],
  'a hole between tensors': [
    safetensorsBytes(`{"b":${tensor('F32', '[1]', '[8,12]')},"a":${four}}`, 12),
    'b: expected it to begin at byte 4, got 8: a hole before it',
  ],
  'a hole before the first': [
    safetensorsBytes(`{"a":${tensor('F32', '[1]', '[4,8]')}}`, 8),
    'a: expected it to begin at byte 0, got 4: a hole before it',
  ],
  'data cut off': [
    safetensorsBytes(`{"a":${four}}`, 3),
    'expected 4 bytes of data, got 3: the file is truncated',
  ],
  'data that nothing uses': [
    safetensorsBytes(`{"a":${four}}`, 5),
    'expected 4 bytes of data, got 5: bytes that no tensor uses',
  ],
};

describe('a malformed file gets its own sentence', () => {
  it.each(Object.entries(malformed))('%s', async (name, [bytes, message]) => {
    const path = join(folder, `${name.replaceAll(/\W/g, '-')}.safetensors`);
    await writeFile(path, bytes);
    const error: unknown = await openSafetensors(path).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({name: 'UserError', exit: exitCodes.data});
    expect((error as Error).message.startsWith(`${path}: `)).toBe(true);
    expect((error as Error).message.endsWith(message)).toBe(true);
  });

  it('never the same sentence for two rules', () => {
    const sentences = Object.values(malformed).map(([, message]) => message);
    expect(new Set(sentences.map((text) => text.replaceAll(/\d+/g, '#'))).size).toBeGreaterThan(30);
  });

  it('a missing file and a folder are named', async () => {
    await expect(openSafetensors(join(folder, 'none'))).rejects.toThrow(
      `${join(folder, 'none')}: expected a file that can be read, got ENOENT`,
    );
    await expect(openSafetensors(folder)).rejects.toThrow(`${folder}: expected a file, got something else`);
  });
});

describe('a header that is allowed', () => {
  it.each([
    ['no tensor', safetensorsBytes('{}')],
    ['spaces around everything', safetensorsBytes(`{ "a" : ${four} } \n\t  `, 4)],
    [
      'tensors without elements',
      safetensorsBytes(`{"a":${tensor('F32', '[0, 5]', '[0,0]')},"b":${four}}`, 4),
    ],
    ['names of object properties', safetensorsBytes(`{"__proto__":${four}}`, 4)],
    ['a very long name', safetensorsBytes(`{"${'n\\"'.repeat(300_000)}":${four}}`, 4)],
    ['dtypes that cannot be read here', safetensorsBytes(`{"a":${tensor('F8_E4M3', '[3]', '[0,3]')}}`, 3)],
  ])('%s', async (name, bytes) => {
    const path = join(folder, `${name.replaceAll(/\W/g, '-')}.safetensors`);
    await writeFile(path, bytes);
    const file = await openSafetensors(path);
    await file.close();
  });
});
