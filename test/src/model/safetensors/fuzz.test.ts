import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {uniform} from '../../../../src/engine/random.js';
import {headerLength, lengthBytes, parseHeader} from '../../../../src/model/safetensors/header.js';
import {safetensorsDtypes} from '../../../../src/model/safetensors/dtype.js';
import {UserError} from '../../../../src/support/errors.js';
import {safetensorsBytes} from '../../../support/safetensors-bytes.js';

/** Mutated headers; `FEWCLIP_FUZZ=1000000` runs the long version. */
const mutants = Number(process.env['FEWCLIP_FUZZ'] ?? 15_000);

/** Parses bytes as a file's; gives the error's message, or how many tensors there are. */
function outcome(file: Buffer): string | number {
  try {
    const length = headerLength(file.subarray(0, lengthBytes), file.length, 'f');
    const data = file.length - lengthBytes - length;
    return parseHeader(file.subarray(lengthBytes, lengthBytes + length), data, 'f').tensors.size;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

const names = ['visual.conv1.weight', 'text_projection', 'logit_scale', 'é😀', '__proto__'];
const valid = (() => {
  let position = 0;
  const entries = names.map((name, i) => {
    const bytes = 8 * i;
    const text = `"${name}":{"dtype":"F32","shape":[${i},2],"data_offsets":[${position},${position + bytes}]}`;
    position += bytes;
    return text;
  });
  return safetensorsBytes(`{"__metadata__":{"format":"pt"},${entries.join(',')}}   `, position);
})();

/** Fragments that a header is sensitive to, put in at random places. */
const fragments = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  '\\',
  '\\u0000',
  '-',
  '.',
  'e9',
  '0',
  '9'.repeat(20),
  'null',
  '"shape"',
  ' ',
  '\0',
  '\xff',
];

/** The valid file with one to four changes, drawn from a seed. */
function mutant(seed: number): Buffer {
  let bytes = Buffer.from(valid);
  const changes = 1 + Math.floor(uniform(seed, 0) * 4);
  for (let change = 0; change < changes; change++) {
    const draw = (k: number, below: number) => Math.floor(uniform(seed, 1 + change, k) * below);
    const at = draw(0, bytes.length);
    const end = Math.min(bytes.length, at + draw(1, 24));
    const [head, middle, tail] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
    const pieces = [
      () => [head, Buffer.from([draw(2, 256)]), bytes.subarray(at + 1)],
      () => [head, tail],
      () => [head, middle, middle, tail],
      () => [head, Buffer.from(fragments[draw(2, fragments.length)]!, 'latin1'), bytes.subarray(at)],
      () => [head],
    ];
    bytes = Buffer.concat(pieces[draw(3, pieces.length)]!());
    // half of the time the length is made right again, so that the fault is inside the header
    if (uniform(seed, 9, change) < 0.5 && bytes.length > lengthBytes) {
      const data = Math.min(80, bytes.length - lengthBytes);
      bytes.writeBigUInt64LE(BigInt(bytes.length - lengthBytes - data));
    }
  }
  return bytes;
}

function timed(bytes: Buffer): [result: string | number, ms: number] {
  const start = performance.now();
  return [outcome(bytes), performance.now() - start];
}

describe('hostile headers', () => {
  it(
    `${mutants} mutants of a valid file: each is read or refused in a sentence, fast, in little memory`,
    () => {
      let slowestMs = 0;
      const seen = new Set<string>();
      const before = process.memoryUsage.rss();
      for (let seed = 0; seed < mutants; seed++) {
        const bytes = mutant(seed);
        const [result, ms] = timed(bytes);
        // what is slow once may be the machine; what is slow again is the header
        slowestMs = Math.max(slowestMs, ms < 100 ? ms : timed(bytes)[1]);
        if (typeof result === 'string') {
          if (!/^f: .*expected .*, got /s.test(result)) throw new Error(`mutant ${seed}: ${result}`);
          seen.add(result.replaceAll(/\d+|".*"/gs, '#').slice(0, 60));
        }
      }
      expect(slowestMs).toBeLessThan(1000);
      expect(seen.size).toBeGreaterThan(40);
      expect(process.memoryUsage.rss() - before).toBeLessThan(400e6);
    },
    Math.max(60_000, mutants),
  );

  it('any bytes behind any length are read or refused in a sentence', () => {
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 200}), (bytes) => {
        const result = outcome(Buffer.from(bytes));
        return typeof result === 'number' || result.startsWith('f: ');
      }),
      {numRuns: 3000},
    );
  });

  it('any JSON document is read or refused in a sentence', () => {
    const entry = fc.record(
      {
        dtype: fc.oneof(fc.constantFrom(...safetensorsDtypes), fc.string()),
        shape: fc.array(fc.oneof(fc.nat(5), fc.maxSafeNat(), fc.integer()), {maxLength: 4}),
        data_offsets: fc.array(fc.oneof(fc.nat(20), fc.maxSafeNat()), {maxLength: 3}),
      },
      {requiredKeys: []},
    );
    const header = fc.dictionary(fc.string(), fc.oneof({weight: 5, arbitrary: entry}, fc.jsonValue()));
    fc.assert(
      fc.property(header, fc.nat(40), (document, data) => {
        const result = outcome(safetensorsBytes(JSON.stringify(document), data));
        return typeof result === 'number' || result.startsWith('f: ');
      }),
      {numRuns: 3000},
    );
  });

  it('a header of four megabytes is refused within a second, whatever it repeats', () => {
    for (const piece of ['[', '{"a":', ' ', '9', '\\', '"', '\\"', '{"":1,', '[0,', '"a":{}', '\u0000']) {
      const header =
        `{"a":"${piece}`.slice(0, piece === '"' ? 6 : 5) + piece.repeat(4_000_000 / piece.length);
      const start = performance.now();
      expect(outcome(safetensorsBytes(header))).toMatch(/expected/);
      expect(performance.now() - start).toBeLessThan(1000);
    }
  });
});
