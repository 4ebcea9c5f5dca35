import {describe, expect, test} from 'vitest';
import {isDecayed} from '../../../src/engine/weight-decay.js';

describe('isDecayed', () => {
  test.each([
    ['visual.conv1.weight', 4],
    ['visual.proj', 2],
    ['positional_embedding', 2],
    ['token_embedding.weight', 2],
    ['transformer.resblocks.0.attn.in_proj_weight', 2],
  ])('%s of rank %i is decayed', (name, rank) => expect(isDecayed(name, rank)).toBe(true));

  test.each([
    ['visual.class_embedding', 1],
    ['logit_scale', 0],
    ['visual.layer1.0.bn1.weight', 1],
    ['transformer.resblocks.0.attn.in_proj_bias', 1],
    // the name decides where the rank would not
    ['some.bn.kernel', 2],
    ['ln_cross.weight', 2],
    ['relative_bias_table', 2],
  ])('%s of rank %i is not', (name, rank) => expect(isDecayed(name, rank)).toBe(false));
});
