import {readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {partnersAtOnce} from '../../../../src/app/training/choose-partners.js';
import {decideUnpaired, unpairedNotice} from '../../../../src/app/training/decide-unpaired.js';
import {startEngine} from '../../../../src/engine/backend.js';
import {partnerSource} from '../../../support/partner-source.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';

const file = join(temporaryFolder(), 'partners.json');

beforeAll(async () => {
  await startEngine('auto');
});

beforeEach(() => rmSync(file, {force: true}));

describe('uncaptioned images that are to be matched', () => {
  it('are partners of captioned ones that show the same, one a pass', async () => {
    const {order, partners, likeness} = await decideUnpaired(partnerSource(file).made);
    expect({order, likeness}).toEqual({order: 'matched', likeness: null});
    // 6 steps of 4 of 8 are three passes
    expect(partners!.map((own) => own.length)).toEqual(new Array(8).fill(3));
    const alike = partners!.flatMap((own, i) => own.map((place) => place % 2 === i % 2));
    expect(alike.every(Boolean)).toBe(true);
  });

  it('are several of each where batches of uncaptioned images are larger', async () => {
    const {made} = partnerSource(file, {unpairedBatch: 10});
    expect(partnersAtOnce(made.plan.train)).toBe(3);
    expect((await decideUnpaired(made)).partners!.map((own) => own.length)).toEqual(new Array(8).fill(9));
  });

  it('are no more than the run would see', async () => {
    const {made, embedded} = partnerSource(file, {steps: 2});
    const {partners} = await decideUnpaired(made);
    expect(embedded.length).toBe(8 + 2 * 4);
    expect(new Set(partners!.flat()).size).toBeLessThanOrEqual(8);
  });

  it('are kept in a file, and read from there by a run that goes on', async () => {
    const use = await decideUnpaired(partnerSource(file).made);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({version: 2, ...use});
    const {made, embedded} = partnerSource(file);
    expect(await decideUnpaired(made)).toEqual(use);
    expect(embedded).toEqual([]);
  });
});

describe('a plan that leaves it to the captioned images', () => {
  /** Captions by place; images at even places look alike, and those at odd ones. */
  async function decidedBy(captionOf: (i: number) => string, mayLeaveOut = true) {
    const {made, embedded} = partnerSource(file);
    const captioned = made.data.captioned.map((row, i) => ({...row, captions: [captionOf(i)]}));
    const source = {
      ...made,
      mayLeaveOut,
      plan: {...made.plan, unpairedOrder: 'auto' as const},
      data: {...made.data, captioned},
    };
    const use = await decideUnpaired(source);
    // and again, from the file
    expect(await decideUnpaired(source)).toEqual(use);
    return {use, embedded};
  }

  it('has uncaptioned ones matched where those that look alike share captions', async () => {
    const {use, embedded} = await decidedBy((i) => `kind ${i % 2}`);
    expect(use).toMatchObject({order: 'matched', likeness: {carried: 1, words: {alike: 1}}});
    expect(use.partners).not.toBeNull();
    expect(embedded.length).toBe(8 + 6 * 4);
    expect(unpairedNotice(use)).toBe(
      'uncaptioned images: matched, because of 100 % of the captioned ones the most similar other one has one of their captions',
    );
  });

  it('has them in any order where they share words alone', async () => {
    const {use, embedded} = await decidedBy((i) => `${i % 2 === 0 ? 'boat' : 'pier'} number${i}`);
    // with the nearest 1 word of 3; with the 7 others 3 times 1 of 3
    expect(use).toMatchObject({order: 'shuffled', partners: null, likeness: {carried: 0}});
    expect(use.likeness!.words.alike).toBeCloseTo(1 / 3, 12);
    expect(use.likeness!.words.chance).toBeCloseTo(1 / 7, 12);
    expect(embedded.length).toBe(8);
    expect(unpairedNotice(use)).toContain('uncaptioned images: shuffled, because of 0 %');
  });

  it('leaves them out where they share no more words than any two', async () => {
    const {use, embedded} = await decidedBy((i) => `boat number${i}`);
    expect(use).toMatchObject({order: 'left-out', partners: null, likeness: {carried: 0}});
    expect(use.likeness!.words.alike).toBeCloseTo(use.likeness!.words.chance, 12);
    expect(embedded.length).toBe(8);
    expect(unpairedNotice(use)).toBe(
      'uncaptioned images: left out, because captioned ones that look alike share 33 % of their words (33 % by chance), ' +
        'so that captions given to others would be wrong; --unpaired-order shuffled uses them',
    );
  });

  it('keeps them where another method uses them in another way', async () => {
    const {use} = await decidedBy((i) => `boat number${i}`, false);
    expect(use.order).toBe('shuffled');
  });
});
