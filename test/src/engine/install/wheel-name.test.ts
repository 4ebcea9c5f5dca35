import {describe, expect, it} from 'vitest';
import {parseWheelName, pinnedWheelName} from '../../../../src/engine/install/wheel-name.js';
import {BugError} from '../../../../src/support/errors.js';

describe('the name of a wheel', () => {
  it('tells project, version, Python and platforms', () => {
    expect(parseWheelName('tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl')).toEqual({
      project: 'tensorflow-cpu',
      version: '2.21.0',
      python: 'cp311',
      platforms: ['manylinux_2_27_x86_64'],
    });
    expect(
      parseWheelName('nvidia_nccl_cu12-2.32.3-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl')
        ?.platforms,
    ).toEqual(['manylinux2014_x86_64', 'manylinux_2_17_x86_64']);
  });

  it('may have a build number', () => {
    expect(parseWheelName('tensorflow-2.21.0-1-cp311-cp311-linux_x86_64.whl')).toMatchObject({
      version: '2.21.0',
      python: 'cp311',
    });
  });

  it.each([
    '',
    'tensorflow.whl',
    'tensorflow-2.21.0.tar.gz',
    'a-1-cp311-cp311.whl',
    '../a-1-py3-none-any.whl',
  ])('is not %o', (file) => {
    expect(parseWheelName(file)).toBeUndefined();
    expect(() => pinnedWheelName(file)).toThrow(BugError);
  });
});
