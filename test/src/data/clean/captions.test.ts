import {describe, expect, it} from 'vitest';
import {otherLanguage} from '../../../../src/data/clean/language.js';
import {nameReplacer} from '../../../../src/data/clean/person-names.js';
import {tidyCaption} from '../../../../src/data/clean/tidy-caption.js';

describe('tidyCaption', () => {
  it.each([
    ['  two\n lines\t', 'two lines'],
    ['caf&eacute; &amp;lt;3', 'café <3'],
    ['<p>a <i>boat</i></p> https://x.org/a?b www.x.org end', 'a boat end'],
    ['a\u200bb\u202ec\u0000', 'abc'],
    ['cafe\u0301', 'café'],
    ['5 < 6 and 7 > 2', '5 < 6 and 7 > 2'],
    ['<br>', ''],
  ])('of %j is %j', (written, tidy) => {
    expect(tidyCaption(written)).toBe(tidy);
    expect(tidyCaption(tidy)).toBe(tidy);
  });
});

describe('nameReplacer', () => {
  it('puts a word in the place of names of persons that are written as names', async () => {
    const replace = await nameReplacer('person');
    expect(replace('Barack Obama speaks to reporters.')).toBe('person speaks to reporters.');
    expect(replace('A portrait of Angela Merkel, smiling')).toBe('A portrait of person, smiling');
    expect(replace('Dr. Smith shows a slide to Emmanuel Macron.')).toBe('person shows a slide to person.');
    for (const kept of [
      'emerald fields mark the shore',
      'the Rose garden',
      'Aerial view of Washington',
      '',
    ]) {
      expect(replace(kept)).toBe(kept);
    }
  });
});

describe('otherLanguage', () => {
  it('tells sentences in another language, and is silent where it is not sure', async () => {
    const [isNoEnglish, isNoGerman] = [await otherLanguage('en'), await otherLanguage('de')];
    const german = 'Ein Hund läuft über die Wiese am Fluss.';
    expect([isNoEnglish(german), isNoGerman(german)]).toEqual([true, false]);
    expect(isNoEnglish('女人穿着红色的裙子在街上走')).toBe(true);
    for (const kept of [
      'A dog runs over the meadow by the river.',
      'rotes Kleid',
      'IMG_0231',
      '12 / 5',
      '',
    ]) {
      expect(isNoEnglish(kept)).toBe(false);
    }
  });
});
