import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../../src/engine/backend.js';
import {toTensors} from '../../../../src/engine/host-array.js';
import {captionLayout, madeCaptions} from '../../../../src/methods/shared/made-captions.js';
import {createEncoders} from '../../../../src/model/encoders.js';
import {randomModel} from '../../../../src/model/random-model.js';
import {expectClose} from '../../../support/expect-close.js';
import {randomMatrix} from '../../../support/random-features.js';
import {inScope, tensor} from '../../../support/tape.js';
import {tinyVit} from '../../../support/tiny-clip.js';

beforeAll(async () => {
  await startEngine('auto');
});

const text = {...tinyVit.text, contextLength: 16, vocabSize: 40, startToken: 38, endToken: 39, padToken: 0};
// keywords of 2, 1, 3 and 0 tokens
const keywordIds = [
  [38, 11, 12, 39, 0],
  [38, 21, 39, 0, 0],
  [38, 31, 32, 33, 39],
  [38, 39, 0, 0, 0],
];
const keywordEnd = [3, 2, 4, 1];
const words = [[11, 12], [21], [31, 32, 33], []];

/** Learned words by their number, from 100 on: what a caption is, plainly. */
function expected(picks: readonly number[], lead: number, length: number) {
  const whole = picks.flatMap((pick, j) => [
    ...Array.from({length: lead}, (_, i) => 100 + j * lead + i),
    ...words[pick]!,
  ]);
  const cut = [...whole.slice(0, length - 1), text.endToken];
  return {
    row: [...cut, ...Array.from({length: length - cut.length}, () => text.padToken)],
    end: cut.length - 1,
  };
}

function layoutOf(picks: readonly (readonly number[])[], lead: number, contextLength = text.contextLength) {
  return inScope(() => {
    const m = picks[0]!.length;
    const {ids, end, places} = captionLayout(
      {
        picks: tf.tensor3d(picks.map((row) => row.map((pick) => words.map((_, k) => Number(k === pick))))),
        keywords: {
          ids: tf.tensor2d(keywordIds, [4, 5], 'int32'),
          end: tf.tensor1d(keywordEnd, 'int32'),
        },
        learned: tf.zeros([m * lead, text.width]),
      },
      {...text, contextLength},
    );
    const learned = places.arraySync();
    return {
      rows: ids
        .arraySync()
        .map((row, i) =>
          row.map((id, at) => (learned[i]![at]!.includes(1) ? 100 + learned[i]![at]!.indexOf(1) : id)),
        ),
      end: end.arraySync(),
    };
  });
}

describe('made captions', () => {
  it.each([
    ['two learned words', 2],
    ['one', 1],
  ] as const)('name the picked keywords in their order, each behind its learned words: %s', (_, lead) => {
    const picks = [
      [0, 1],
      [2, 0],
      [1, 3],
      [3, 3],
    ];
    const {rows, end} = layoutOf(picks, lead);
    const length = 2 * (lead + 3) + 1;
    const want = picks.map((own) => expected(own, lead, length));
    expect(rows).toEqual(want.map(({row}) => row));
    expect(end).toEqual(want.map((caption) => caption.end));
  });

  it('are cut off in front of the end where they do not fit', () => {
    const picks = [
      [2, 2, 0],
      [1, 1, 3],
    ];
    for (const context of [16, 9, 5, 3]) {
      const length = Math.min(3 * (2 + 3) + 1, context - 1);
      const {rows, end} = layoutOf(picks, 2, context);
      expect(rows).toEqual(picks.map((own) => expected(own, 2, length).row));
      expect(end).toEqual(picks.map((own) => expected(own, 2, length).end));
    }
  });

  it('with the words of a sentence as learned words are read as that sentence', () => {
    inScope(() => {
      const config = {...tinyVit, text};
      const encode = createEncoders(config, toTensors(randomModel(config, 5).weights), {}, {training: false});
      const said = tf.tensor2d([[7, 8, 9, 7]], [1, 4], 'int32');
      const learned = tf.reshape<tf.Rank.R2>(encode.words(said), [4, text.width]);
      const made = encode.wordRows(
        madeCaptions(encode, text, {
          picks: tf.tensor3d([[[0, 0, 1, 0], [1, 0, 0, 0]]]), // prettier-ignore
          keywords: {
            ids: tf.tensor2d(keywordIds, [4, 5], 'int32'),
            end: tf.tensor1d(keywordEnd, 'int32'),
          },
          learned,
        }),
      );
      const whole = [38, 7, 8, 31, 32, 33, 9, 7, 11, 12, 39, 0];
      const read = encode.texts({
        ids: tf.tensor2d([whole], [1, whole.length], 'int32'),
        end: tf.tensor1d([10], 'int32'),
      });
      expectClose(made.arraySync(), read.arraySync());
    });
  });

  it('move their learned words', () => {
    const gradient = inScope(() => {
      const config = {...tinyVit, text};
      const weights = toTensors(randomModel(config, 5).weights);
      return tf
        .grad((learned) => {
          const encode = createEncoders(config, weights, {}, {training: true});
          const keywords = {
            ids: tf.tensor2d(keywordIds, [4, 5], 'int32'),
            end: tf.tensor1d(keywordEnd, 'int32'),
          };
          const picks = tf.tensor3d([[[0, 1, 0, 0]]]);
          const rows = madeCaptions(encode, text, {picks, keywords, learned: learned as tf.Tensor2D});
          return tf.sum(tf.mul(encode.wordRows(rows), tf.tensor1d([1, -2, 3])));
        })(tensor(randomMatrix(2, text.width, 801)))
        .arraySync() as number[][];
    });
    for (const row of gradient) expect(Math.hypot(...row)).toBeGreaterThan(1e-6);
  });
});
