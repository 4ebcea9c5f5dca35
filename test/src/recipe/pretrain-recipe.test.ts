import {describe, expect, it} from 'vitest';
import {checkPretrainRecipe} from '../../../src/recipe/pretrain-recipe.js';

const tower = {width: 64, layers: 2, heads: 2};
const recipe = {
  corpus: {packages: ['@iconify-json/noto@1.2.9']},
  model: {
    embedDim: 32,
    image: {size: 32, patch: 8, ...tower},
    text: {context: 16, vocabulary: 600, ...tower},
  },
  train: {steps: 10, batch: 8, learningRate: 1e-3, warmupSteps: 1},
};

describe('a recipe for pre-training', () => {
  it('has its defaults filled in', () => {
    expect(checkPretrainRecipe(recipe, 'r.yaml')).toMatchObject({
      corpus: {heldOutShare: 0.1, size: 72, variants: 3, seed: 0},
      train: {method: 'clip', weightDecay: 0.1, crop: [0.8, 1], mirror: false, checkpointEvery: 100},
      seed: 0,
    });
  });

  it('all faults are told at once, with the nearest key', () => {
    const faulty = {
      ...recipe,
      corpus: {packages: ['@iconify-json/noto', './mine'], varants: 2},
      train: {...recipe.train, batch: 1},
    };
    expect(() => checkPretrainRecipe(faulty, 'r.yaml')).toThrow(
      'r.yaml: corpus.packages.0: expected a package with its version (name@1.2.3) or a folder (./...), got @iconify-json/noto; ' +
        'r.yaml: corpus: expected a known key, got varants (did you mean variants?); r.yaml: train.batch: expected >= 2, got 1',
    );
  });

  it('heads must divide the width', () => {
    const model = {...recipe.model, text: {...recipe.model.text, heads: 3}};
    expect(() => checkPretrainRecipe({...recipe, model}, 'r.yaml')).toThrow(
      'r.yaml: model.text.heads: expected a divisor of the width 64, got 3',
    );
  });
});
