import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {packageRoot} from '../../../../src/support/package-root.js';

/** Least-squares slope of values that stand one unit apart. */
function slope(values: readonly number[]): number {
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  const [x, y] = [mean(values.map((_, i) => i)), mean(values)];
  const covariance = mean(values.map((value, i) => (i - x) * (value - y)));
  return covariance / mean(values.map((_, i) => (i - x) ** 2));
}

it('a captured step takes no more memory after 4,000 steps than after 500', () => {
  const child = join(packageRoot(), 'test', 'support', 'memory-child.ts');
  const args = ['--expose-gc', '--import', import.meta.resolve('tsx'), child, '4000'];
  const sizes = JSON.parse(
    execFileSync(process.execPath, args, {stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8'}),
  ) as number[];
  expect(sizes).toHaveLength(40);
  // bytes a hundred steps: less than a megabyte a thousand. The heap's own ups and downs are single steps of up to 2 MB (measured)
  expect(slope(sizes.slice(5))).toBeLessThan(1e5);
});
