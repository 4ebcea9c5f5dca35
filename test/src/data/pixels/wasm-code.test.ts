import {expect, it} from 'vitest';
import {
  doWhile,
  get,
  i32,
  kernel,
  set,
  v128,
  wasmModule,
  type Code,
} from '../../../../src/data/pixels/wasm-code.js';

declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => {
    readonly exports: {readonly memory: {readonly buffer: ArrayBuffer}; run(...values: number[]): void};
  };
};

/** Runs what `vector` makes with the number 5 as its parameter; returns the four integers. */
function fourOf(vector: (five: Code) => Code): number[] {
  const run = kernel('run', {parameters: ['five'], integers: [], vectors: []}, ({five}) => [
    v128.store(i32.const(0), vector(get(five))),
  ]);
  const {exports} = new WebAssembly.Instance(new WebAssembly.Module(wasmModule([run])));
  exports.run(5);
  return [...new Int32Array(exports.memory.buffer, 0, 4)];
}

it.each([0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, -8193, 2 ** 21, 2 ** 31 - 1, -(2 ** 31)])(
  'the constant %i is itself',
  (value) => {
    expect(fourOf(() => v128.i32Splat(i32.const(value)))).toEqual([value, value, value, value]);
  },
);

it('bytes are moved by place, and 0 where there is none', () => {
  const bytes = v128.const(Array.from({length: 16}, (_, i) => i + 1));
  const places = [15, 128, 128, 128, 0, 128, 128, 128, 3, 4, 128, 128, 255, 128, 128, 128];
  expect(fourOf(() => v128.swizzle(bytes, places))).toEqual([16, 1, 4 + 5 * 256, 0]);
});

it('integers are narrowed to the nearest byte', () => {
  const splat = (value: number) => v128.i32Splat(i32.const(value));
  const narrow = v128.u8NarrowI16(
    v128.i16NarrowI32(splat(70_000), splat(-70_000)),
    v128.i16NarrowI32(splat(255), splat(-1)),
  );
  expect(fourOf(() => narrow)).toEqual([-1, 0, -1, 0]);
});

it('arithmetic wraps at 32 bits and shifts keep the sign', () => {
  const product = (five: Code) => v128.i32Mul(v128.i32Splat(five), v128.i32Splat(i32.const(2 ** 30)));
  expect(fourOf(product)[0]).toBe(Math.imul(5, 2 ** 30));
  const sum = (five: Code) => v128.i32Add(v128.i32Splat(five), v128.i32Splat(i32.const(-22)));
  expect(fourOf((five) => v128.i32ShiftRight(sum(five), 2))[0]).toBe(-17 >> 2);
});

it('a loop runs once, and on while its condition holds', () => {
  const counted = (limit: number) => {
    const run = kernel(
      'run',
      {parameters: ['limit'], integers: ['at'], vectors: ['sum']},
      ({at, limit, sum}) => [
        doWhile(
          i32.lessUnsigned(get(at), get(limit)),
          set(at, i32.add(get(at), i32.const(1))),
          set(sum, v128.i32Add(get(sum), v128.i32Splat(get(at)))),
        ),
        v128.store(i32.const(0), get(sum)),
        v128.store32(i32.const(16), v128.load32Splat(i32.const(0), 4)),
        v128.store(i32.const(32), v128.i32Splat(i32.subtract(i32.load(i32.const(16)), i32.const(1)))),
      ],
    );
    const {exports} = new WebAssembly.Instance(new WebAssembly.Module(wasmModule([run])));
    exports.run(limit);
    const memory = new Int32Array(exports.memory.buffer);
    return [memory[0], memory[4], memory[8]];
  };
  expect(counted(0)).toEqual([1, 1, 0]);
  expect(counted(200)).toEqual([20_100, 20_100, 20_099]);
});
