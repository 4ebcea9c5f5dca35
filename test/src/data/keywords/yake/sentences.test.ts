import {describe, expect, it} from 'vitest';
import {captionSentences, textSentences} from '../../../../../src/data/keywords/yake/sentences.js';

const sentences = (text: string) => captionSentences([text]).map((words) => words.join(' '));

describe('captionSentences', () => {
  it.each([
    ['A river. Two boats.', ['A river .', 'Two boats .']],
    ['A river . two boats .', ['A river . two boats .']],
    ['Near St. Paul, Dr. Dent and A. Smith.', ['Near St. Paul , Dr. Dent and A. Smith .']],
    ['A plot (see Fig. 3. It rises) of y.', ['A plot ( see Fig. 3. It rises ) of y .']],
    ['He lost. and went on', ['He lost. and went on']],
    ['On 3. May it rained. 20 came!', ['On 3. May it rained .', '20 came !']],
    ['"Stop!" said the man.', ['" Stop !" said the man .']],
    ['', []],
  ])('%s', (text, expected) => {
    expect(sentences(text)).toEqual(expected);
  });

  it('parts words as the package does', () => {
    expect(
      captionSentences(["don't e.g. 3,000.5 x-ray: it's 12:30 at http://a.org/b?c=1 , H₂O 5 km² a...b"]),
    ).toEqual([
      [
        ...['do', "n't", 'e.g.', '3,000.5', 'x-ray', ':', 'it', '12:30', 'at', 'http://a.org/b?c=1', ','],
        ...['H₂O', '5', 'km²', 'a', '...', 'b'],
      ],
    ]);
  });
});

describe('textSentences', () => {
  it('goes on from caption to caption unless the next begins with a capital', () => {
    expect(
      textSentences(['a river', 'two boats', 'The sea', ' A pier']).map((words) => words.join(' ')),
    ).toEqual(['a river two boats', 'The sea', 'A pier']);
  });
});
