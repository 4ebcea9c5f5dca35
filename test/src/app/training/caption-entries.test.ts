import {describe, expect, it} from 'vitest';
import {originsOf, phraseEntries, rewriter} from '../../../../src/app/training/caption-entries.js';
import {uniform} from '../../../../src/engine/random.js';

const captions = ['one two three', 'four five', 'One  two three'];
const visited = [
  {index: 7, epoch: 0},
  {index: 3, epoch: 0},
  {index: 4, epoch: 0},
];

/** Words as tokens by their length, between 1 and 2; 0 pads. */
const tokenizer = {
  encode(texts: readonly string[]) {
    const rows = texts.map((text) => [1, ...text.split(/\s+/).map((word) => 10 + word.length), 2]);
    return {
      ids: {
        shape: [rows.length, 12],
        data: Int32Array.from(rows.flatMap((row) => [...row, ...Array<number>(12 - row.length).fill(0)])),
      },
      end: {shape: [rows.length], data: Int32Array.from(rows, (row) => row.length - 1)},
    };
  },
};

describe('captions of a batch', () => {
  it('are numbered as in the run, equal ones alike, and so are their images', () => {
    const entries = originsOf([...captions, 'six'])(captions, visited);
    expect([...entries['origins.images']!.data]).toEqual([7, 3, 4]);
    expect([...entries['origins.captions']!.data]).toEqual([0, 1, 0]);
  });

  it('are reworded by the draws of the visit alone', () => {
    const random = (draw: number, {index, epoch}: {index: number; epoch: number}) =>
      uniform(34, epoch, index, draw);
    const made = rewriter(tokenizer, 8, random);
    const whole = made(captions, visited);
    expect(whole['rewritten.ids']!.shape).toEqual([3, 8]);
    const alone = made([captions[1]!], [visited[1]!]);
    expect([...alone['rewritten.ids']!.data]).toEqual([...whole['rewritten.ids']!.data.slice(8, 16)]);
    expect(made(captions, visited)).toEqual(whole);
    const later = made(
      captions,
      visited.map(({index}) => ({index, epoch: 5})),
    );
    expect(later).not.toEqual(whole);
  });

  it('stay as they are where reworded they would be too long', () => {
    // always repeats a word: of five tokens come six
    const longer = rewriter(tokenizer, 5, (draw) => (draw === 0 ? 0.9 : 0.2));
    const {ids} = tokenizer.encode(captions);
    const entries = longer([captions[0]!, captions[1]!], visited.slice(0, 2));
    expect([...entries['rewritten.ids']!.data.slice(0, 5)]).toEqual([...ids.data.slice(0, 5)]);
    expect([...entries['rewritten.end']!.data]).toEqual([4, 4]);
  });

  it('hold each keyword in each sentence', () => {
    const entries = phraseEntries(
      {'m/phrase.a': 'one {} two', 'm/phrase.b': '{}'},
      ['boat', 'tennis court'],
      tokenizer,
    );
    expect(entries['m/phrase.a.ids']).toEqual({
      shape: [2, 6],
      data: Int32Array.of(1, 13, 14, 13, 2, 0, 1, 13, 16, 15, 13, 2),
    });
    expect([...entries['m/phrase.a.end']!.data]).toEqual([4, 5]);
    expect([...entries['m/phrase.b.end']!.data]).toEqual([2, 3]);
  });
});
