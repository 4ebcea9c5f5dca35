import {expect, it} from 'vitest';
import {withColumns} from '../../../src/cli/column-flags.js';
import {requestOf} from '../../../src/cli/request-flags.js';

it('--img-key and --caption-key go with the captioned set', () => {
  const flags = {captioned: 'photos.csv#train', 'img-key': 'photo', 'caption-key': 'alt'};
  expect(requestOf(flags)).toEqual({captioned: 'photos.csv?img-key=photo&caption-key=alt#train'});
  expect(requestOf({captioned: 'photos.csv'})).toEqual({captioned: 'photos.csv'});
  expect(withColumns('x.csv', {'caption-key': 'alt'}, '--data')).toBe('x.csv?caption-key=alt');
});

it('without a set they are a mistake', () => {
  expect(() => requestOf({'caption-key': 'alt'})).toThrow(
    '--caption-key: expected --captioned PATH beside it, got none',
  );
  expect(requestOf({})).toEqual({});
});
