import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {fewestHeld, holdOutPairs, mostHeld} from '../../../../src/eval/selection/hold-out-pairs.js';

const distinct = (count: number) => Array.from({length: count}, (_, i) => [`caption ${i}`]);

describe('holdOutPairs', () => {
  it('keeps back the wanted share of images with captions of their own', () => {
    const {trained, held} = holdOutPairs(distinct(200), {share: 0.2, seed: 3});
    expect(held).toHaveLength(40);
    expect(trained).toHaveLength(160);
    expect([...trained, ...held].sort((a, b) => a - b)).toEqual(Array.from({length: 200}, (_, i) => i));
  });

  it('keeps back no more than can be embedded soon', () => {
    expect(holdOutPairs(distinct(5000), {share: 0.5, seed: 0}).held).toHaveLength(mostHeld);
  });

  it('keeps back nothing when there would be too few to choose by', () => {
    const rows = Math.floor(fewestHeld / 0.2) - 3;
    expect(holdOutPairs(distinct(rows), {share: 0.2, seed: 0}).held).toEqual([]);
    expect(holdOutPairs(distinct(rows + 6), {share: 0.2, seed: 0}).held).not.toEqual([]);
  });

  it('is decided by the seed', () => {
    const held = (seed: number) => holdOutPairs(distinct(200), {share: 0.2, seed}).held;
    expect(held(1)).toEqual(held(1));
    expect(held(1)).not.toEqual(held(2));
  });

  it('never tears images apart that share a caption, directly or through others', () => {
    const captions = fc.array(fc.array(fc.integer({min: 0, max: 80}), {minLength: 1, maxLength: 2}), {
      minLength: 60,
      maxLength: 150,
    });
    fc.assert(
      fc.property(captions, fc.integer({min: 0, max: 99}), (ids, seed) => {
        const texts = ids.map((own) => own.map((id) => (id % 2 === 0 ? `Text ${id}` : ` text  ${id}`)));
        const {trained, held} = holdOutPairs(texts, {share: 0.4, seed});
        const words = new Set(trained.flatMap((row) => ids[row]!));
        return held.every((row) => ids[row]!.every((id) => !words.has(id)));
      }),
      {numRuns: 50, seed: 11},
    );
  });

  it('trains on a group that is larger than what is wanted', () => {
    const captions = [...Array.from({length: 60}, () => ['the same']), ...distinct(100)];
    const {trained, held} = holdOutPairs(captions, {share: 0.2, seed: 5});
    expect(held).toHaveLength(32);
    expect(trained.filter((row) => row < 60)).toHaveLength(60);
  });

  it('tears groups where captions name classes', () => {
    const captions = Array.from({length: 100}, (_, i) => [`class ${i % 2}`]);
    expect(holdOutPairs(captions, {share: 0.2, seed: 5}).held).toEqual([]);
    expect(holdOutPairs(captions, {share: 0.2, seed: 5, tearsGroups: true}).held).toHaveLength(20);
  });
});
