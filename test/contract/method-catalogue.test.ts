import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../src/engine/backend.js';
import type {HostArray, HostArrays} from '../../src/engine/step.js';
import {loadMethod} from '../../src/methods/contract/load-method.js';
import {nothingOutside} from '../../src/methods/contract/outside.js';
import {partOf, scheduled} from '../../src/methods/contract/parts.js';
import {architecture} from '../../src/model/architectures.js';
import {sizeOf} from '../../src/model/parameter-shapes.js';
import {clipBatch} from '../support/engine-clip.js';
import {expectClose} from '../support/expect-close.js';
import {
  compileOnRandom,
  flatNumbers,
  towers,
  trainingMethods,
  type Tower,
} from '../support/method-training.js';
import {tinyVit} from '../support/tiny-clip.js';

beforeAll(async () => {
  await startEngine('auto');
});

const names = await trainingMethods();

/** Numbers of the first step on a changed batch, and whether everything held behind it is finite. */
async function firstStep(
  name: string,
  tower: Tower,
  {
    change = (batch: HostArrays) => batch,
    logScale,
  }: {readonly change?: (batch: HostArrays) => HostArrays; readonly logScale?: number},
) {
  const parts = [partOf(await loadMethod(name))];
  const config = towers[tower];
  const compiled = compileOnRandom(parts, config, {}, {capture: false});
  try {
    if (logScale !== undefined) compiled.write('weights/logit_scale', scalar(logScale));
    const numbers = compiled.run(change(clipBatch(config, parts, 0)), {
      ...{learningRate: 1e-3, step: 1},
      ...scheduled(parts, {step: 0, steps: 12}),
    });
    const held = compiled.names().every((entry) => compiled.read(entry).data.every(Number.isFinite));
    return {numbers, held};
  } finally {
    compiled.dispose();
  }
}

const scalar = (value: number): HostArray => ({shape: [], data: Float32Array.of(value)});

/** Every row of the images, views and captions of a batch made the first. */
function allAlike(batch: HostArrays): HostArrays {
  return eachRow(
    batch,
    (name) => /images$|\/view\.|^paired\.|^rewritten\./.test(name),
    () => 0,
  );
}

/** Entries that `concerns` names with other rows in the place of theirs. */
function eachRow(
  batch: HostArrays,
  concerns: (name: string) => boolean,
  from: (row: number) => number,
): HostArrays {
  return Object.fromEntries(
    Object.entries(batch).map(([name, array]) => [name, concerns(name) ? rowsFrom(array, from) : array]),
  );
}

function rowsFrom({shape, data}: HostArray, from: (row: number) => number): HostArray {
  const [rows = 0, ...rest] = shape;
  const size = sizeOf(rest);
  const made = data.slice();
  for (let row = 0; row < rows; row++)
    made.set(data.subarray(from(row) * size, (from(row) + 1) * size), row * size);
  return {shape, data: made};
}

/** Images without anything on them. */
function blank(batch: HostArrays): HostArrays {
  return Object.fromEntries(
    Object.entries(batch).map(([name, array]) => [
      name,
      /images$|\/view\./.test(name) ? {...array, data: new Float32Array(array.data.length)} : array,
    ]),
  );
}

describe.each(names)('%s is finite', (name) => {
  it.each([
    ['where all images and captions are one', {change: allAlike}],
    ['where images are blank', {change: blank}],
    ['at the largest scale', {logScale: Math.log(100)}],
    ['at the smallest scale', {logScale: 0}],
  ])('%s', async (_, given) => {
    const {numbers, held} = await firstStep(name, 'vit', given);
    expect(flatNumbers(numbers).every(Number.isFinite)).toBe(true);
    expect(held).toBe(true);
  });
});

/** A batch whose pairs stand in another order, with all that belongs to each. */
function turned(batch: HostArrays): HostArrays {
  const pairs = batch['paired.end']!.shape[0]!;
  const belongs = (entry: string) =>
    /^(paired|origins|rewritten)\.|^keywords\.labels$|^classes\.(labels|prompt-)|\/view\.paired\./.test(
      entry,
    );
  return eachRow(batch, belongs, (row) => (row + 1) % pairs);
}

/** Methods that draw nothing for single images or captions. */
const undrawn: string[] = [];
for (const name of names) {
  const method = await loadMethod(name);
  const params = method.params.parse({});
  const asked = method.draws?.({config: tinyVit, params, sizes: {paired: 4, unpaired: 3}});
  if (Object.keys(asked ?? {}).length === 0) undrawn.push(name);
}

it.each(undrawn)('%s comes to the same with its pairs in another order', async (name) => {
  const [first, other] = [await firstStep(name, 'vit', {}), await firstStep(name, 'vit', {change: turned})];
  const tolerance = {relative: 1e-4, absolute: 1e-5};
  expectClose(flatNumbers(other.numbers), flatNumbers(first.numbers), tolerance);
});

describe('of ViT-B/32 a method brings as many weights as its paper says', () => {
  it.each([
    ['filip', 328_192],
    ['fd', 590_592],
    ['lora', 184_320],
    ['coop', 8192],
    ['siglip', 1],
    ['slip', 329_344],
    ['semiclip', 10 * 512 + 6144 + 1],
    ...[
      'clip',
      's-clip',
      'softclip',
      'label-smooth',
      'cyclip',
      'clip-psd',
      'distill',
      'lit',
      'wise-ft',
      'flyp',
    ].map((name) => [name, 0] as const),
  ] as const)('%s: %d', async (name, count) => {
    const method = await loadMethod(name);
    const setting = {
      config: architecture('ViT-B-32'),
      params: method.params.parse({}),
      outside: nothingOutside,
    };
    const extras = method.extras?.({...setting, sizes: {captioned: 1000, keywords: 10}}) ?? {};
    expect(Object.values(extras).reduce((sum, {shape}) => sum + sizeOf(shape), 0)).toBe(count);
  });
});
