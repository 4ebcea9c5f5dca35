import {describe, expect, it} from 'vitest';
import {copyCache, defaultCacheBytes} from '../../../../src/data/pixels/copy-cache.js';

/** A copy of ten by ten pixels, 300 bytes, and how often each was made. */
function maker() {
  const made: string[] = [];
  const make = (key: string) => () => {
    made.push(key);
    const image = {width: 10, height: 10, pixels255: new Uint8Array(300)};
    return Promise.resolve({image, source: image});
  };
  return {made, make};
}

async function visit(maxBytes: number, keys: readonly string[]): Promise<string> {
  const {made, make} = maker();
  const cache = copyCache(maxBytes);
  for (const key of keys) await cache.get(key, make(key));
  return made.join('');
}

describe('copyCache', () => {
  it('makes each copy once while there is room', async () => {
    expect(await visit(900, [...'abcabccba'])).toBe('abc');
  });

  it('drops what was used longest ago', async () => {
    expect(await visit(899, [...'abacb'])).toBe('abcb');
  });

  it.each([0, 0.5])('of %d bytes keeps nothing', async (maxBytes) => {
    expect(await visit(maxBytes, [...'aab'])).toBe('aab');
  });

  it('does not keep what is larger than itself', async () => {
    expect(await visit(299, [...'aab'])).toBe('aab');
  });

  it('does not keep what could not be made', async () => {
    const cache = copyCache(1000);
    await expect(cache.get('a', () => Promise.reject(new Error('unreadable')))).rejects.toThrow('unreadable');
    const {made, make} = maker();
    await cache.get('a', make('a'));
    expect(made).toEqual(['a']);
  });
});

it('the default is a part of the memory, never more than 1 GiB', () => {
  expect(defaultCacheBytes()).toBeGreaterThan(0);
  expect(defaultCacheBytes()).toBeLessThanOrEqual(2 ** 30);
});
