import {Parser} from '@oclif/core';
import {describe, expect, it} from 'vitest';
import {numberFlag} from '../../../src/cli/number-flag.js';

const flags = {ratio: numberFlag({atLeast: 0.1, atMost: 1})};

async function parse(...argv: string[]): Promise<number | undefined> {
  return (await Parser.parse(argv, {flags})).flags.ratio;
}

describe('numberFlag', () => {
  it.each([
    ['0.25', 0.25],
    ['1', 1],
    ['1e-1', 0.1],
  ])('takes %s', async (text, value) => {
    expect(await parse('--ratio', text)).toBe(value);
  });

  it.each(['0', '1.5', 'ten', 'NaN', ''])('refuses "%s"', async (text) => {
    await expect(parse(`--ratio=${text}`)).rejects.toThrow(
      `--ratio: expected a number from 0.1 to 1, got ${text}`,
    );
  });
});
