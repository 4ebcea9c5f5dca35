import {expect, it} from 'vitest';
import {usualRate} from '../../../../src/app/training/usual-rate.js';
import type {ClipConfig} from '../../../../src/model/clip-config.js';

function config(kind: 'vit' | 'resnet', vision: number, text: number): Pick<ClipConfig, 'vision' | 'text'> {
  return {vision: {kind, width: vision}, text: {width: text}} as Pick<ClipConfig, 'vision' | 'text'>;
}

it.each([
  ['up to 256', config('vit', 192, 128), 1e-4],
  ['ViT-B-32', config('vit', 768, 512), 3.3e-5],
  ['ViT-L-14', config('vit', 1024, 768), 2.5e-5],
  // the width of a ResNet is that of its stem
  ['RN50', config('resnet', 64, 512), 5e-5],
])('falls with the widest transformer: %s', (_name, model, rate) => {
  expect(usualRate(model)).toBe(rate);
});
