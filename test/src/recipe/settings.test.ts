import {describe, expect, it} from 'vitest';
import {applySettings} from '../../../src/recipe/settings.js';

const content = {steps: 10, params: {transport: 'ot'}, compare: {seeds: [0]}};

describe('applySettings', () => {
  it('replaces values and makes what is not there; values are YAML', () => {
    const settings = [
      'steps=20',
      'params.planGrad=through',
      'compare.seeds=[1, 2]',
      'with=[lora]',
      'capture=false',
    ];
    expect(applySettings(content, settings).content).toEqual({
      steps: 20,
      params: {transport: 'ot', planGrad: 'through'},
      compare: {seeds: [1, 2]},
      with: ['lora'],
      capture: false,
    });
    expect(content.steps).toBe(10);
    expect(applySettings({}, ['expect.figures={a: {value: 1, tolerance: 0}}']).content).toEqual({
      expect: {figures: {a: {value: 1, tolerance: 0}}},
    });
  });

  it('knows which entries come from a setting', () => {
    const {settingAt} = applySettings(content, ['steps=20', 'params.planGrad=x', 'params=3']);
    expect(settingAt(['steps'])).toBe('--set steps');
    expect(settingAt(['params', 'planGrad'])).toBe('--set params');
    expect(settingAt(['compare', 'seeds'])).toBeUndefined();
  });

  it('refuses settings without a value, into a value, or that are no YAML', () => {
    expect(() => applySettings(content, ['steps'])).toThrow('--set steps: expected KEY=VALUE, got no value');
    expect(() => applySettings(content, ['steps.more=1'])).toThrow(
      '--set steps.more: expected a mapping at steps, got 10',
    );
    expect(() => applySettings(content, ['steps=[1'])).toThrow(/^--set steps:1:\d+: expected YAML, got /);
  });
});
