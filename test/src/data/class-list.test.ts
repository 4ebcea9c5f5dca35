import {expect, it} from 'vitest';
import {classList} from '../../../src/data/class-list.js';

it('labels are names unless another follows, lines mean nothing', () => {
  expect(classList('beach; bareland = bare\n  land;\n T-shirt/top = t-shirt;')).toEqual({
    names: {beach: 'beach', bareland: 'bare land', 'T-shirt/top': 't-shirt'},
  });
  expect(() => classList('a; b; a = c')).toThrow('class list: expected each label once, got a twice');
});
