import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {beforeAll, describe, expect, it} from 'vitest';
import {prepareEvaluation, runEvaluation, type EvaluationRequest} from '../../src/app/evaluate.js';
import {loadDomain} from '../../src/data/load-domain.js';
import {startEngine} from '../../src/engine/backend.js';
import type {DirectionResult, EvaluationResult} from '../../src/eval/evaluation-result.js';
import {loadClip} from '../../src/model/checkpoint.js';
import type {ClipModel} from '../../src/model/clip-model.js';
import {createEmbedder, type Embedder} from '../../src/model/embedder.js';
import {loadTokenizer, type Tokenizer} from '../../src/model/tokenizer.js';

const shared = fileURLToPath(new URL('../../../shared/', import.meta.url));
const ucm = {data: `${shared}data/ucm.tar`, split: 'val'};
const rsscn7 = {data: `${shared}data/rsscn7.tar`};

interface Golden {
  readonly zeroShot: {template: string; right: number; rightOfFive: number; meanPerClassRecall: number}[];
}
type GoldenDirection = Record<'R@1' | 'R@5' | 'R@10' | 'queries' | 'meanRank', number>;

/** What PyTorch and transformers measured: see evaluation.py beside it. */
const golden = JSON.parse(readFileSync(new URL('../golden/evaluation.json', import.meta.url), 'utf8')) as {
  ucm: Golden & {retrieval: Record<'imageToText' | 'textToImage', GoldenDirection>};
  rsscn7: Golden;
};

let model: ClipModel;
let tokenizer: Tokenizer;
let embedder: Embedder;

beforeAll(async () => {
  const folder = `${shared}models/tiny-clip-rs`;
  await startEngine('auto');
  model = await loadClip(folder);
  tokenizer = await loadTokenizer(folder, model.config.text);
  embedder = createEmbedder(model);
  return () => embedder.dispose();
});

async function evaluate(request: EvaluationRequest): Promise<EvaluationResult> {
  const prepared = await prepareEvaluation(request, {config: model.config, tokenizer});
  const evaluation = runEvaluation(embedder, prepared);
  for (;;) {
    const {done, value} = await evaluation.next();
    if (done) return value;
  }
}

/** Images whose two best classes differ by float32 rounding may fall on either side: one in 500, at least one. */
function expectCount(fraction: number, count: number, total: number): void {
  expect(Math.abs(fraction * total - count)).toBeLessThanOrEqual(Math.max(1, total / 500));
}

describe('the small checkpoint on UCM val', () => {
  it.each(golden.ucm.zeroShot)('classifies as PyTorch does with "$template"', async (expected) => {
    const {zeroShot} = await evaluate({
      ...ucm,
      task: 'zeroshot',
      classes: 'raw',
      templates: [expected.template],
    });
    expectCount(zeroShot!.acc1.value, expected.right, 210);
    expectCount(zeroShot!.acc5!.value, expected.rightOfFive, 210);
    expect(Math.abs(zeroShot!.meanPerClassRecall.value - expected.meanPerClassRecall)).toBeLessThan(0.01);
    expect(zeroShot).toMatchObject({images: 210, classes: 21});
  });

  it('retrieves as PyTorch does, same sentences counting as hits', async () => {
    const {retrieval} = await evaluate({...ucm, task: 'retrieval'});
    expect(retrieval).toMatchObject({images: 210, captions: 1050, distinctTexts: 391});
    for (const direction of ['imageToText', 'textToImage'] as const) {
      const measured: DirectionResult = retrieval![direction];
      const expected = golden.ucm.retrieval[direction];
      expect(measured.queries).toBe(expected.queries);
      for (const k of [1, 5, 10] as const) {
        expectCount(measured.recall[k].value, expected[`R@${k}`], expected.queries);
      }
      expect(Math.abs(measured.meanRank - expected.meanRank)).toBeLessThan(0.01 * expected.meanRank);
    }
  });

  it('reaches what its makers report, 23.3 %, with the prompt they used, to within an image or two', async () => {
    const [prompt] = golden.ucm.zeroShot;
    const {zeroShot} = await evaluate({
      ...ucm,
      task: 'zeroshot',
      classes: 'raw',
      templates: [prompt!.template],
    });
    expect(Math.abs(zeroShot!.acc1.value - 0.233)).toBeLessThan(0.01);
  });

  it('is measured by the domain too: its class set is found, and chance is far below', async () => {
    const domain = await loadDomain('remote-sensing');
    const {zeroShot, retrieval} = await evaluate({...ucm, domain});
    expect(zeroShot!.classSet).toBe('ucm');
    expect(zeroShot!.acc1.ci95[0]).toBeGreaterThan(1 / 21);
    expect(retrieval!.textToImage.recall[10].ci95[0]).toBeGreaterThan(10 / 210);
  });
});

describe('the small checkpoint on RSSCN7', () => {
  it('classifies as PyTorch does, near the 46.6 % that its makers report', async () => {
    const [expected] = golden.rsscn7.zeroShot;
    const {zeroShot, retrieval} = await evaluate({
      ...rsscn7,
      classes: 'raw',
      templates: [expected!.template],
    });
    expectCount(zeroShot!.acc1.value, expected!.right, 2800);
    expectCount(zeroShot!.acc5!.value, expected!.rightOfFive, 2800);
    expect(Math.abs(zeroShot!.acc1.value - 0.466)).toBeLessThan(0.01);
    expect(retrieval).toBeUndefined();
  });
});
