import {describe, expect, it} from 'vitest';
import {parseOomKills} from '../../../src/support/oom-kills.js';

describe('parseOomKills', () => {
  it('reads the counter of the kernel, and nothing else', () => {
    expect(parseOomKills('nr_free_pages 12\noom_kill 3\ndrop_pagecache 0\n')).toBe(3);
    expect(parseOomKills('nr_free_pages 12\nmemcg_oom_kill 3\n')).toBeUndefined();
  });
});
