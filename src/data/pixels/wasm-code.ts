/**
 * Instructions of WebAssembly, encoded. Only what the kernels of this folder need; a value is an expression that leaves
 * one operand, as in the folded text format.
 */
export type Code = readonly number[];

/** A local variable of a function: its parameters first, by number. */
export interface Local {
  readonly index: number;
}

type LocalType = 'i32' | 'v128';

const typeCodes = {i32: 0x7f, v128: 0x7b} as const;

export function get({index}: Local): Code {
  return [0x20, ...unsigned(index)];
}

export function set({index}: Local, value: Code): Code {
  return [...value, 0x21, ...unsigned(index)];
}

/** Runs `body` once, then again as long as `condition` is not 0. */
export function doWhile(condition: Code, ...body: readonly Code[]): Code {
  return [0x03, 0x40, ...body.flat(), ...condition, 0x0d, 0, 0x0b];
}

/** 32-bit integers. */
export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  load: (address: Code): Code => [...address, 0x28, 2, 0],
  add: (a: Code, b: Code): Code => [...a, ...b, 0x6a],
  subtract: (a: Code, b: Code): Code => [...a, ...b, 0x6b],
  lessUnsigned: (a: Code, b: Code): Code => [...a, ...b, 0x49],
} as const;

/** 16 bytes in one register. Addresses are in bytes, `offset` is added to them. */
export const v128 = {
  load: (address: Code, offset = 0): Code => [...address, ...simd(0), 0, ...unsigned(offset)],
  /** One 32-bit integer, four times. */
  load32Splat: (address: Code, offset = 0): Code => [...address, ...simd(9), 2, ...unsigned(offset)],
  store: (address: Code, value: Code): Code => [...address, ...value, ...simd(11), 0, 0],
  /** The lowest four bytes. */
  store32: (address: Code, value: Code): Code => [...address, ...value, ...simd(90), 0, 0, 0],
  const: (bytes: readonly number[]): Code => [...simd(12), ...bytes],
  /** Bytes of `a` by their places; 0 for a place above 15. */
  swizzle: (a: Code, places: readonly number[]): Code => [...a, ...v128.const(places), ...simd(14)],
  i32Splat: (a: Code): Code => [...a, ...simd(17)],
  i32Add: (a: Code, b: Code): Code => [...a, ...b, ...simd(174)],
  i32Mul: (a: Code, b: Code): Code => [...a, ...b, ...simd(181)],
  i32ShiftRight: (a: Code, bits: number): Code => [...a, ...i32.const(bits), ...simd(172)],
  /** Eight 32-bit integers as signed 16-bit ones, those beyond at the limit. */
  i16NarrowI32: (a: Code, b: Code): Code => [...a, ...b, ...simd(133)],
  /** Sixteen signed 16-bit integers as levels from 0 to 255, those beyond at the limit. */
  u8NarrowI16: (a: Code, b: Code): Code => [...a, ...b, ...simd(102)],
} as const;

/** A function without a result that is exported under its name. */
export interface Kernel {
  readonly name: string;
  /** How many parameters; all are 32-bit integers. */
  readonly parameters: number;
  /** Types of the locals that follow the parameters. */
  readonly locals: readonly LocalType[];
  readonly body: Code;
}

/**
 * Writes a kernel: `body` gets the parameters and the further locals by name.
 * @example kernel('add', {parameters: ['a'], integers: ['b'], vectors: []}, ({a, b}) => [set(b, get(a))])
 */
export function kernel<P extends string, I extends string, V extends string>(
  name: string,
  {parameters, integers, vectors}: {parameters: readonly P[]; integers: readonly I[]; vectors: readonly V[]},
  body: (locals: Readonly<Record<P | I | V, Local>>) => readonly Code[],
): Kernel {
  const names = [...parameters, ...integers, ...vectors];
  const locals = Object.fromEntries(names.map((local, index) => [local, {index}]));
  return {
    name,
    parameters: parameters.length,
    locals: [...integers.map(() => 'i32' as const), ...vectors.map(() => 'v128' as const)],
    body: body(locals as Record<P | I | V, Local>).flat(),
  };
}

/** A module of kernels with a memory of their own, exported as `memory`, of one page (64 KiB) until it grows. */
export function wasmModule(kernels: readonly Kernel[]): Uint8Array {
  const exported = kernels.map(({name}, i) => [...text(name), 0x00, ...unsigned(i)]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, kernels.map(typeOf)),
    ...section(
      3,
      kernels.map((_, i) => unsigned(i)),
    ),
    ...section(5, [[0x00, 1]]),
    ...section(7, [[...text('memory'), 0x02, 0], ...exported]),
    ...section(10, kernels.map(bodyOf)),
  ]);
}

function typeOf({parameters}: Kernel): Code {
  const types = Array.from({length: parameters}, () => [typeCodes.i32]);
  return [0x60, ...list(types), 0];
}

function bodyOf({locals, body}: Kernel): Code {
  return sized([...list(locals.map((type) => [1, typeCodes[type]])), ...body, 0x0b]);
}

function section(id: number, items: readonly Code[]): Code {
  return [id, ...sized(list(items))];
}

function list(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

function sized(code: Code): Code {
  return [...unsigned(code.length), ...code];
}

function text(name: string): Code {
  return sized([...Buffer.from(name)]);
}

function simd(operation: number): Code {
  return [0xfd, ...unsigned(operation)];
}

/** LEB128: seven bits a byte, the lowest first. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): Code {
  const isLast = value >= -0x40 && value < 0x40;
  return isLast ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
