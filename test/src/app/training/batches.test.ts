import {beforeAll, describe, expect, it} from 'vitest';
import {batchMaker, type BatchSource} from '../../../../src/app/training/batches.js';
import type {Partners} from '../../../../src/app/training/draw-partners.js';
import {loadMethod} from '../../../../src/methods/contract/load-method.js';
import {partOf, type Part} from '../../../../src/methods/contract/parts.js';
import {loadTokenizer} from '../../../../src/model/tokenizer.js';
import {planSchema} from '../../../../src/recipe/plan.js';
import {imageRef} from '../../../support/image-refs.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';
import {tinyVit} from '../../../support/tiny-clip.js';
import {tinyTextConfig, writeTinyTokenizer} from '../../../support/tiny-tokenizer.js';

const tokenizerFolder = writeTinyTokenizer(temporaryFolder(), 'tokenizer.json');
const [captioned, unpaired] = [6, 20];

const plan = (train: object) =>
  planSchema.parse({
    version: 1,
    domain: null,
    model: {reference: 'a', folder: 'a', fingerprint: 'a'},
    captioned: {path: 'a', split: null, rows: captioned, fingerprint: 'a'},
    labelRatio: null,
    unpaired: null,
    counts: {captioned, unpaired},
    keywords: {source: 'none', list: []},
    method: {name: 'soft-pl', params: {}},
    train: {
      ...{steps: 9, batch: 3, unpairedBatch: 3, microBatch: null, learningRate: 1e-5, warmupSteps: 0},
      ...{beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0, clipNorm: null, frozen: 'none'},
      ...train,
    },
    seed: 2,
    engine: 'cpu',
    precision: 'fp32',
    capture: false,
    evaluate: [],
    checkpointEvery: 50,
    imageCacheMiB: null,
  });

const rows = (count: number, kind: string) =>
  Array.from({length: count}, (_, i) => ({
    captions: [`a ${i}`],
    image: imageRef(Buffer.of(0), `${kind} ${i}`),
  }));

/** The images of the first steps, by kind, as `captioned 3`. */
async function seen(train: object, partners: Partners | undefined, parts: readonly Part[]) {
  const visited: string[][] = [];
  const source: BatchSource = {
    plan: plan(train),
    data: {
      captioned: rows(captioned, 'captioned'),
      unpaired: rows(unpaired, 'unpaired'),
      held: [],
    } as unknown as BatchSource['data'],
    parts,
    config: tinyVit,
    tokenizer: await loadTokenizer(tokenizerFolder, tinyTextConfig),
    pixelThreads: {
      train: (visits) => {
        visited.push(visits.map(({image}) => image.place));
        return Promise.resolve({shape: [visits.length], data: new Float32Array(visits.length)});
      },
    },
    partners,
  };
  const batches = batchMaker(source);
  const steps = [];
  for (let step = 0; step < 4; step++) {
    visited.length = 0;
    await batches(step);
    const of = (kind: string) => visited.find(([first]) => first?.startsWith(kind)) ?? [];
    steps.push({captioned: of('captioned').map(numberOf), unpaired: of('unpaired').map(numberOf)});
  }
  return steps;
}

const numberOf = (place: string) => Number(place.split(' ')[1]);

let parts: readonly Part[];
beforeAll(async () => {
  parts = [partOf(await loadMethod('soft-pl'))];
});

describe('batchMaker with partners', () => {
  // the partner of captioned image 4 in the second pass, its draw 1, has the number 41 modulo 20
  const partners: Partners = Array.from({length: captioned}, (_, j) =>
    Array.from({length: 30}, (_draw, m) => (10 * j + m) % unpaired),
  );

  it('puts one beside each captioned image, another in each pass', async () => {
    const steps = await seen({}, partners, parts);
    // two steps of three are a pass over six
    steps.forEach(({captioned: own, unpaired: beside}, step) => {
      expect(beside).toEqual(own.map((j) => partners[j]![Math.floor(step / 2)]));
    });
  });

  it('goes round where there are more uncaptioned images in a batch, and stops where there are fewer', async () => {
    const [first] = await seen({unpairedBatch: 5}, partners, parts);
    const [a, b, c] = first!.captioned as [number, number, number];
    expect(first!.unpaired).toEqual([
      ...[partners[a]![0], partners[b]![0], partners[c]![0]],
      ...[partners[a]![1], partners[b]![1]],
    ]);
    const [fewer] = await seen({unpairedBatch: 2}, partners, parts);
    expect(fewer!.unpaired).toEqual(fewer!.captioned.slice(0, 2).map((j) => partners[j]![0]));
  });

  it('takes the others in any order where there are none', async () => {
    const steps = await seen({}, undefined, parts);
    const all = steps.flatMap((step) => step.unpaired);
    expect(new Set(all).size).toBe(12);
  });
});
