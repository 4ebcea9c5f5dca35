import {describe, expect, it} from 'vitest';
import {platformFacts, platformProblem} from '../../../../src/engine/install/platform.js';

describe('the platform of the TensorFlow wheels', () => {
  it.each([
    ['linux', 'x64', '2.27', undefined],
    ['linux', 'x64', '2.36', undefined],
    ['linux', 'x64', '3.1', undefined],
    ['linux', 'x64', '2.26', 'expected glibc 2.27 or newer, got 2.26'],
    ['linux', 'x64', undefined, 'expected glibc, got another C library (musl, as on Alpine)'],
    ['linux', 'arm64', '2.36', 'expected Linux on x64, got linux on arm64'],
    ['darwin', 'arm64', undefined, 'expected Linux on x64, got darwin on arm64'],
    ['win32', 'x64', undefined, 'expected Linux on x64, got win32 on x64'],
  ])('%s on %s with glibc %s', (system, processor, glibc, problem) => {
    expect(platformProblem({system, processor, glibc})).toBe(problem);
  });

  it('is read from this process', () => {
    const facts = platformFacts();
    expect([facts.system, facts.processor]).toEqual([process.platform, process.arch]);
    expect(facts.glibc).toMatch(/^2\.\d+$/);
  });
});
