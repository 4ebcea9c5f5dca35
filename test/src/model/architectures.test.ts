import {describe, expect, it} from 'vitest';
import {architecture, architectureNames} from '../../../src/model/architectures.js';
import {parameterCount, parameterShapes, stateShapes} from '../../../src/model/parameter-shapes.js';
import {UserError} from '../../../src/support/errors.js';

/** Numbers of parameters that open_clip 3.3.0 counts. */
const counts: Readonly<Record<string, number>> = {
  'ViT-B-32': 151_277_313,
  'ViT-B-16': 149_620_737,
  'ViT-L-14': 427_616_513,
  'ViT-L-14-336': 427_944_193,
  'ViT-H-14': 986_109_441,
  RN50: 102_007_137,
  RN101: 119_688_033,
  RN50x4: 178_300_601,
  RN50x16: 290_979_217,
  RN50x64: 623_258_305,
};

describe('architectures', () => {
  it('lists what the counts below cover', () => {
    expect([...architectureNames].sort()).toEqual(Object.keys(counts).sort());
  });

  it.each(Object.entries(counts))('%s has %i parameters, as in open_clip', (name, count) => {
    expect(parameterCount(architecture(name))).toBe(count);
  });

  it('a name with -quickgelu differs in the activation alone', () => {
    expect(architecture('RN50-quickgelu')).toEqual({...architecture('RN50'), activation: 'quick_gelu'});
    expect(architecture('RN50').activation).toBe('gelu');
  });

  it('names the nearest architecture for an unknown one', () => {
    const read = () => architecture('ViT-B-23');
    expect(read).toThrow(UserError);
    expect(read).toThrow(
      /^architecture: expected a known name, got ViT-B-23 \(known: .*did you mean ViT-B-32\?\)$/,
    );
  });

  it('a ResNet keeps two running statistics for each norm, a transformer none', () => {
    expect(stateShapes(architecture('ViT-B-32'))).toEqual({});
    const config = architecture('RN50');
    const norms = Object.keys(parameterShapes(config)).filter((name) =>
      /(bn\d|downsample\.1)\.weight$/.test(name),
    );
    // 3 in the stem, 3 in each of 16 blocks, 1 in each of 4 shortcuts
    expect(norms.length).toBe(55);
    expect(Object.keys(stateShapes(config)).length).toBe(110);
    expect(stateShapes(config)['visual.layer4.2.bn3.running_var']).toEqual([2048]);
  });
});
