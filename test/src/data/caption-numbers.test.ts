import {describe, expect, it} from 'vitest';
import {captionNumbers} from '../../../src/data/caption-numbers.js';
import {BugError} from '../../../src/support/errors.js';

describe('captionNumbers', () => {
  it('counts captions in their order, equal ones once', () => {
    const number = captionNumbers(['a river', 'two boats', 'A  river ', 'a bridge', 'two boats']);
    expect(['a river', 'two boats', ' a RIVER', 'a bridge'].map(number)).toEqual([0, 1, 0, 2]);
  });

  it('knows no others', () => {
    expect(() => captionNumbers(['a river'])('a lake')).toThrow(
      new BugError('captionNumbers: expected one of 1 captions, got a lake'),
    );
  });
});
