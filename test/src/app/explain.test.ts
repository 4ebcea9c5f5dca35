import {join} from 'node:path';
import {beforeAll, describe, expect, it} from 'vitest';
import {explainPlan, type Explanation} from '../../../src/app/explain.js';
import {makePlan} from '../../../src/app/make-plan.js';
import {requestSchema} from '../../../src/recipe/request.js';
import {temporaryFolder} from '../../support/temporary-folder.js';
import {writeUntrainedClip} from '../../support/untrained-clip.js';

const model = join(temporaryFolder(), 'model');

beforeAll(() => writeUntrainedClip(model));

async function explained(request: object): Promise<Explanation> {
  const asked = requestSchema.parse({model, domain: 'toy', batch: 4, steps: 3, ...request});
  return explainPlan(await makePlan(asked, () => {}));
}

describe('an explanation', () => {
  it('names the terms of a run with the weights that they have', async () => {
    const {terms, batch, cost} = await explained({
      method: 's-clip',
      params: {keywordWeight: 0.5},
      with: [
        {name: 'distill', weight: 0.25},
        {name: 'fd', weight: 0},
      ],
    });
    expect(terms.map(({name, weight}) => [name, weight])).toEqual([
      ['contrastive', 1],
      ['caption', 1],
      ['keyword', 0.5],
      ['distill.distill', 0.25],
      ['distill.unpaired', 0.25],
    ]);
    expect(batch.map(({name}) => name)).toContain('keywords.labels');
    expect(cost!.flops).toBeGreaterThan(1e6);
  });

  it('counts what trains: of lora its updates alone', async () => {
    const {towers, extras, constants} = await explained({method: 'clip', with: [{name: 'lora'}]});
    expect(towers.trained).toBe(0);
    expect(towers.all).toBeGreaterThan(0);
    expect(extras.length).toBeGreaterThan(0);
    expect(constants).toBe(0);
  });

  it('of a method that takes no steps says what is solved', async () => {
    const {terms, solved, batch, cost} = await explained({method: 'linear-probe'});
    expect({terms, batch, cost}).toEqual({terms: [], batch: [], cost: null});
    expect(solved).toEqual([{method: 'linear-probe', value: expect.stringContaining('decay/2 |W|^2')}]);
  });
});
