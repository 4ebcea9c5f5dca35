import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import sharp from 'sharp';
import {beforeAll, describe, expect, it} from 'vitest';
import {evaluateModel, type EvaluateModelOptions} from '../../../src/app/evaluate-model.js';
import {eventMetrics} from '../../../src/eval/metric-names.js';
import {evaluationText} from '../../../src/ui/evaluation-text.js';
import {temporaryFolder} from '../../support/temporary-folder.js';
import {writeUntrainedClip} from '../../support/untrained-clip.js';

const root = temporaryFolder();
let model: string;

async function picture(path: string, background: string): Promise<void> {
  mkdirSync(join(path, '..'), {recursive: true});
  await sharp({create: {width: 16, height: 16, channels: 3, background}})
    .png()
    .toFile(path);
}

beforeAll(async () => {
  model = await writeUntrainedClip(join(root, 'clip'));
  // the copies are the pictures again: whatever the model is, it finds them first
  for (const [i, colour] of ['#ff0000', '#00ff00', '#0000ff'].entries()) {
    await picture(join(root, 'copydays', 'original', `200${i}00.png`), colour);
    await picture(join(root, 'copydays', 'strong', `200${i}01.png`), colour);
  }
  await picture(join(root, 'pets', 'test', 'Siamese', 'a.png'), '#998877');
  await picture(join(root, 'pets', 'test', 'Beagle', 'b.png'), '#aa5500');
});

async function evaluate(options: Partial<EvaluateModelOptions>) {
  const work = evaluateModel({model, data: '', engine: 'wasm', ...options});
  for (;;) {
    const {done, value} = await work.next();
    if (done) return value;
  }
}

describe('evaluateModel on sets by name', () => {
  it('gives the mean average precision of searches: 100 % where the copies are equal', async () => {
    const evaluated = await evaluate({data: `set:copydays=${join(root, 'copydays')}`, baseline: model});
    expect(evaluated.record).toMatchObject({
      dataset: 'copydays',
      task: 'image_search',
      metrics: {mean_average_precision: 1},
      image_search: {queries: 3, images: 6},
      baseline: {difference: {mean_average_precision: 0}},
    });
    expect(eventMetrics(evaluated.result)['image_search.copydays.mAP']!.value).toBe(1);
    const text = evaluationText(evaluated, {perClass: false});
    expect(text).toContain('on copydays: 6 images');
    expect(text).toContain(
      'Image search, 3 queries in 6 images: percent [95 % interval]\n  mean average precision',
    );
    expect(text).toContain('100.0 [100.0, 100.0]');
  });

  it('brings class names and templates of its own, whatever the domain is', async () => {
    const options = {data: `set:pets=${join(root, 'pets')}`, domain: 'remote-sensing'};
    const {record} = await evaluate(options);
    expect(record.zeroshot).toMatchObject({
      images: 2,
      class_set: 'pets',
      classes: 37,
      templates: ['a photo of a {}, a type of pet.'],
    });
    expect(record.zeroshot!.per_class.filter(({n}) => n > 0).map(({name}) => name)).toEqual([
      'Beagle',
      'Siamese',
    ]);
  });
});
