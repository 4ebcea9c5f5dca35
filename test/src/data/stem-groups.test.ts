import fc from 'fast-check';
import {expect, it} from 'vitest';
import {compareCodePoints} from '../../../src/data/code-point-order.js';
import {stemGroups} from '../../../src/data/stem-groups.js';

it('puts files of one stem together, whatever lies between', () => {
  const name = fc
    .tuple(
      fc.constantFrom('a', 'a.b', 'a-1', 'a.b.c', 'd/a', 'a.jpg', 'b'),
      fc.constantFrom('jpg', 'txt', 'json', 'bin', 'PNG'),
    )
    .map(([stem, extension]) => `${stem}.${extension}`);
  fc.assert(
    fc.property(fc.uniqueArray(name), (names) => {
      const groups = [...stemGroups(names.sort(compareCodePoints))];
      const stems = new Map<string, string[]>();
      for (const path of names) {
        const stem = path.slice(0, path.lastIndexOf('.'));
        stems.set(stem, [...(stems.get(stem) ?? []), path]);
      }
      expect(groups).toHaveLength(stems.size);
      for (const {images, texts, others} of groups) {
        const [first] = [...images, ...texts.values()];
        if (first === undefined) continue;
        const members = stems.get(first.slice(0, first.lastIndexOf('.')))!;
        expect([...images, ...texts.values()].sort()).toEqual(
          members.filter((path) => !path.endsWith('.bin')).sort(),
        );
        expect(others).toBe(members.filter((path) => path.endsWith('.bin')).length);
      }
    }),
    {numRuns: 500},
  );
});
