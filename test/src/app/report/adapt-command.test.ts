import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {Parser} from '@oclif/core';
import {expect, it} from 'vitest';
import {makePlan} from '../../../../src/app/make-plan.js';
import {adaptCommand, shellText} from '../../../../src/app/report/adapt-command.js';
import {requestFlags, requestOf} from '../../../../src/cli/request-flags.js';
import {checkRequest} from '../../../../src/recipe/check-request.js';
import {planHash, type Plan} from '../../../../src/recipe/plan.js';
import {packageRoot} from '../../../../src/support/package-root.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';

const root = temporaryFolder();
const model = join(packageRoot(), 'assets', 'smoke-clip');
const keywords = join(root, 'own words.txt');
writeFileSync(keywords, 'circle\nsquare\n');

const planOf = (request: object): Promise<Plan> => makePlan(checkRequest(request, 'test'), () => {});

it.each([
  ['the defaults', {domain: 'toy'}],
  [
    'nothing as it is by default',
    {
      ...{
        domain: 'toy',
        captioned: 'domain:toy#train',
        labelRatio: 0.5,
        unpaired: 'domain:toy#test',
        keywords,
      },
      ...{
        keywordMatching: 'exact',
        augmentation: 'published',
        method: 's-clip',
        params: {captionWeight: 0.3},
      },
      ...{with: [{name: 'fd', weight: 0.25}], steps: 7, batch: 6, unpairedBatch: 5, microBatch: 3},
      ...{learningRate: 3e-6, warmupSteps: 2, weightDecay: 0.1, clipNorm: 1, frozen: 'image', seed: 9},
      ...{
        engine: 'cpu',
        precision: 'fp32',
        capture: false,
        evaluate: ['domain:toy#test'],
        checkpointEvery: 3,
        select: 'last',
        unpairedOrder: 'matched',
      },
    },
  ],
  ['weights chosen by held-out pairs', {domain: 'toy', select: 'held-out', heldOutShare: 0.3}],
  ['a method without keywords', {domain: 'toy', method: 'soft-pl', keywordMatching: 'exact'}],
  ['a method that takes no step', {domain: 'toy', method: 'linear-probe'}],
])('the command of a plan makes it again: %s', async (_, request) => {
  const plan = await planOf({model, ...request});
  const [command, ...argv] = adaptCommand(plan);
  expect(command).toBe('adapt');
  const {flags} = await Parser.parse(argv, {flags: requestFlags});
  const again = await planOf(requestOf(flags));
  expect(planHash(again)).toBe(planHash(plan));
  expect(again.evaluate).toEqual(plan.evaluate);
});

it('words are quoted for a shell where they need it', () => {
  expect(shellText(['--set', 'a=b', "it's here", 'x;y', ''])).toBe(`--set a=b 'it'\\''s here' 'x;y' ''`);
});
