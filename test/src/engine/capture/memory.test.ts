import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {packageRoot} from '../../../../src/support/package-root.js';

const lot = 4000;

/** Bytes that a step of a process of its own adds to its memory: the median of nine lots of steps, after a first one. */
function bytesPerStep(...wishes: readonly string[]): number {
  const child = join(packageRoot(), 'test', 'support', 'memory-child.ts');
  const args = ['--expose-gc', '--import', import.meta.resolve('tsx'), child, String(lot), ...wishes];
  // with an arena for each thread, glibc's allocator grows by 1-2 MB whenever one more thread comes to allocate
  const env = {...process.env, MALLOC_ARENA_MAX: '1'};
  const printed = execFileSync(process.execPath, args, {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
  });
  const sizes = JSON.parse(printed) as number[];
  // a leak is in every lot; what Node takes and gives back, up to 14 MB at once (measured), is in a few
  const growths = sizes.slice(1).map((size, i) => (size - sizes[i]!) / lot);
  expect(growths).toHaveLength(9);
  return growths.sort((a, b) => a - b)[4]!;
}

it('a captured step takes no more memory after 40,000 steps than after 4,000', () => {
  expect(bytesPerStep()).toBeLessThan(150);
});

it('one number a step that stays with the engine would show', () => {
  expect(bytesPerStep('keep')).toBeGreaterThan(300);
});
