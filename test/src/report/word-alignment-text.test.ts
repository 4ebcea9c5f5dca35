import {describe, expect, it} from 'vitest';
import {alignmentText} from '../../../src/report/word-alignment-text.js';

const word = (name: string, cosines: readonly number[]) => ({
  word: name,
  cosines,
  best: {row: 1, column: 0, cosine: Math.max(...cosines)},
  wins: 0.25,
});
const inspected = {
  image: 'field.png',
  text: 'a red bus',
  picture: null,
  models: [
    {
      ...{
        model: './clip',
        heads: null,
        grid: {rows: 2, columns: 2},
        cosine: 0.25,
        imageToText: 0.31,
        textToImage: 0.29,
      },
      words: [word('red', [0.1, 0.2, 0.3, 0.15]), word('[text]', [0.2, 0.2, 0.2, 0.2])],
    },
  ],
};

describe('alignmentText', () => {
  it('writes heat as digits from 0, the lowest of a word, to 9, its highest', () => {
    const text = alignmentText(inspected, {isColoured: false, width: 80});
    expect(text.split('\n')).toEqual([
      'a red bus (field.png)',
      '',
      './clip: cosine 0.250, image to text 0.310, text to image 0.290',
      '  word    highest  at row, column of 2 x 2  lowest  patches',
      '  red       0.300  2, 1                      0.100     25 %',
      '  [text]    0.200  2, 1                      0.200     25 %',
      '',
      '  red     [text]',
      '   0 5     0 0',
      '   9 2     0 0',
    ]);
  });

  it('draws blocks of colour where it may, one for each patch', () => {
    const text = alignmentText(inspected, {isColoured: true, width: 80});
    // eslint-disable-next-line no-control-regex -- colours are escape sequences
    expect(text.match(/\u001B\[48;5;\d+m {2}\u001B\[0m/g)).toHaveLength(8);
    expect(text).toContain('\u001B[48;5;230m');
  });

  it('starts a new line of maps where the width ends', () => {
    const text = alignmentText(inspected, {isColoured: false, width: 12});
    expect(text).toContain('  red\n   0 5\n   9 2\n\n  [text]\n');
  });

  it('says when the tokens went through the heads of a method', () => {
    const models = [{...inspected.models[0]!, heads: 'filip'}];
    expect(alignmentText({...inspected, models}, {isColoured: false, width: 80})).toContain(
      'text to image 0.290 (heads of filip)',
    );
  });

  it('names the picture that was drawn', () => {
    expect(alignmentText({...inspected, picture: 'words.png'}, {isColoured: false, width: 80})).toMatch(
      /\n\nwords\.png$/,
    );
  });
});
