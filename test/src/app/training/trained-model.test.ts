import {beforeAll, describe, expect, it} from 'vitest';
import {trainedModel} from '../../../../src/app/training/trained-model.js';
import {startEngine} from '../../../../src/engine/backend.js';
import {partOf} from '../../../../src/methods/contract/parts.js';
import filip from '../../../../src/methods/filip.js';
import lora from '../../../../src/methods/lora.js';
import {randomModel} from '../../../../src/model/random-model.js';
import {compileOnRandom} from '../../../support/method-training.js';
import {tinyVit} from '../../../support/tiny-clip.js';

beforeAll(async () => {
  await startEngine('auto');
});

describe('trainedModel', () => {
  it.each([
    ['a method with heads of its own', [partOf(filip)]],
    ['such a method beside one that changes weights', [partOf(filip), partOf(lora)]],
  ])('is a CLIP and nothing else behind %s', (_, parts) => {
    const compiled = compileOnRandom(parts, tinyVit);
    const {weights, state, ...frame} = randomModel(tinyVit, 3);
    expect(compiled.names()).toContain('weights/filip/image_head.weight');
    expect(trainedModel(frame, parts, compiled)).toEqual({...frame, weights, state});
    compiled.dispose();
  });
});
