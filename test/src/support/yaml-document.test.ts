import {describe, expect, it} from 'vitest';
import {parseYaml, yamlText} from '../../../src/support/yaml-document.js';

const text = `# remark
name: a
list:
  - one
  - {deep: {er: 2}}
"quoted key": 1
`;

describe('parseYaml', () => {
  it('tells where keys and items stand, and of what is not written where it would belong', () => {
    const {value, placeOf} = parseYaml(text, 'f.yaml');
    expect(value).toEqual({name: 'a', list: ['one', {deep: {er: 2}}], 'quoted key': 1});
    expect(placeOf(['name'])).toBe('2:1');
    expect(placeOf(['list', 1])).toBe('5:5');
    expect(placeOf(['list', 1, 'deep', 'er'])).toBe('5:13');
    expect(placeOf(['quoted key'])).toBe('6:1');
    expect(placeOf(['list', 7, 'x'])).toBe('3:1');
    expect(placeOf(['missing'])).toBe('2:1');
  });

  it('names every fault of the text with its place', () => {
    expect(() => parseYaml('a: 1\na: 2\nb: [1\nc: "x\n', 'f.yaml')).toThrow(
      /^f\.yaml:\d+:\d+: expected YAML, got .+; f\.yaml:\d+:\d+: expected YAML, got /,
    );
  });
});

it('plain data written as YAML is read again as it was', () => {
  const value = {a: 'true', b: ['x: y', '# no remark', ''], c: {d: null, e: 1.5}};
  expect(parseYaml(yamlText(value), 'f').value).toEqual(value);
});
