import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import sharp from 'sharp';
import {beforeAll, describe, expect, it} from 'vitest';
import {
  checkEvaluation,
  prepareEvaluation,
  runEvaluation,
  type EvaluationRequest,
} from '../../../src/app/evaluate.js';
import type {Domain} from '../../../src/data/domain.js';
import {startEngine} from '../../../src/engine/backend.js';
import {openLabelled} from '../../../src/data/labels.js';
import {loadClip} from '../../../src/model/checkpoint.js';
import type {ClipModel} from '../../../src/model/clip-model.js';
import {createEmbedder, type Embedder} from '../../../src/model/embedder.js';
import {randomModel} from '../../../src/model/random-model.js';
import {loadTokenizer, type Tokenizer} from '../../../src/model/tokenizer.js';
import {referenceDiagonalRanks, referenceRanks, referenceRecall} from '../../reference/retrieval.js';
import {temporaryFolder} from '../../support/temporary-folder.js';
import {untrainedConfig, writeUntrainedClip} from '../../support/untrained-clip.js';
import {evalPixels, stackPixels} from '../../support/pixel-rows.js';

const root = temporaryFolder();
const data = join(root, 'farm');
const captions = ['brown soil', 'a barn .', 'two cows', 'green grass', 'a long fence'];
const classes = ['cow', 'sheep', 'redBarn'];
const rows = Array.from({length: 12}, (_, i) => ({
  file: `${i}.png`,
  class: classes[i % 3]!,
  captions: [captions[i % 5]!, captions[(i * i + 1) % 5]!],
}));

const domain: Domain = {
  name: 'farm',
  summary: 'Animals and what is around them.',
  classSets: {animals: {names: {cow: 'a cow', sheep: 'a sheep', redBarn: 'a red barn', pig: 'a pig'}}},
  templates: ['a photo of {}.', 'an old picture of {}'],
  keywords: ['cow'],
  licence: 'none needed',
  references: [],
};

let model: ClipModel;
let tokenizer: Tokenizer;
let embedder: Embedder;

beforeAll(async () => {
  mkdirSync(join(data, 'images'), {recursive: true});
  for (const [i, {file}] of rows.entries()) {
    const background = {r: (i * 53) % 256, g: (i * 101) % 256, b: (i * 29) % 256};
    const stripe = await sharp({
      create: {width: 9, height: 24, channels: 3, background: {r: 255, g: i * 20, b: 0}},
    })
      .png()
      .toBuffer();
    await sharp({create: {width: 24, height: 24, channels: 3, background}})
      .composite([{input: stripe, left: i, top: 0}])
      .png()
      .toFile(join(data, 'images', file));
  }
  writeFileSync(join(data, 'manifest.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
  const folder = await writeUntrainedClip(join(root, 'clip'));
  await startEngine('cpu');
  model = await loadClip(folder);
  tokenizer = await loadTokenizer(folder, model.config.text);
  embedder = createEmbedder(model);
  return () => embedder.dispose();
});

async function evaluate(request: Omit<EvaluationRequest, 'data'>) {
  const prepared = await prepareEvaluation({data, ...request}, {config: model.config, tokenizer});
  const events: unknown[] = [];
  const evaluation = runEvaluation(embedder, prepared, {batch: 5});
  for (;;) {
    const {done, value} = await evaluation.next();
    if (done) return {result: value, events, prepared};
    events.push(value);
  }
}

/** Features of one image or text at a time, as plain arrays. */
async function imageFeatures(): Promise<number[][]> {
  const set = await openLabelled(data);
  const byId = new Map(set.rows.map(({image}) => [image.id, image]));
  const features: number[][] = [];
  for (const {file} of rows) {
    const pixels = await evalPixels(byId.get(file)!, untrainedConfig.preprocess);
    features.push([...embedder.images(stackPixels([pixels], untrainedConfig.preprocess.size))]);
  }
  return features;
}
const textFeature = (text: string): number[] => [...embedder.texts(tokenizer.encode([text]))];
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, k) => sum + x * b[k]!, 0);

describe('zero-shot', () => {
  it('is what comparing each image with the mean prompt of each class gives', async () => {
    const {result} = await evaluate({domain, task: 'zeroshot'});
    const names = domain.classSets['animals']!.names;
    const weights = Object.values(names).map((name) => {
      const texts = domain.templates.map((template) => textFeature(template.replace('{}', name)));
      const mean = texts[0]!.map((_, k) => texts.reduce((sum, text) => sum + text[k]!, 0) / texts.length);
      const length = Math.sqrt(dot(mean, mean));
      return mean.map((x) => x / length);
    });
    const labels = Object.keys(names);
    const images = await imageFeatures();
    const right = rows.filter((row, i) => {
      const scores = weights.map((weight) => dot(weight, images[i]!));
      return labels[scores.indexOf(Math.max(...scores))] === row.class;
    });
    expect(result.zeroShot!.acc1.value).toBeCloseTo(right.length / rows.length, 12);
    expect(result.zeroShot).toMatchObject({
      images: 12,
      classes: 4,
      classSet: 'animals',
      templates: domain.templates,
    });
    expect(result.zeroShot!.acc5).toBeUndefined();
    expect(result.retrieval).toBeUndefined();
  });

  it('without a domain takes the labels as words and CLIP’s own prompt', async () => {
    const {result} = await evaluate({task: 'zeroshot'});
    expect(result.zeroShot!.templates).toEqual(['a photo of a {}.']);
    expect(result.zeroShot!.perClass.map(({name}) => name)).toEqual(['cow', 'red barn', 'sheep']);
  });

  it('of another subject than the domain is measured as without one, where that is allowed', async () => {
    const other: Domain = {...domain, name: 'sea', classSets: {fish: {names: {cod: 'a cod'}}}};
    await expect(evaluate({domain: other, task: 'zeroshot'})).rejects.toThrow('expected labels of class set');
    const foreign = {foreign: 'allowed', task: 'zeroshot'} as const;
    const {result} = await evaluate({domain: other, ...foreign});
    expect(result.zeroShot).toEqual((await evaluate({task: 'zeroshot'})).result.zeroShot);
    // one known label among them: the others are mistakes
    const near: Domain = {...domain, classSets: {animals: {names: {cow: 'a cow'}}}};
    await expect(evaluate({domain: near, ...foreign})).rejects.toThrow('expected labels of class set');
    expect(await checkEvaluation({data, domain: other, foreign: 'allowed'})).toMatchObject({isForeign: true});
    expect(await checkEvaluation({data, domain, foreign: 'allowed'})).toMatchObject({isForeign: false});
  });

  it('takes templates that are given before those of the domain', async () => {
    const {result} = await evaluate({domain, templates: ['{}'], task: 'zeroshot'});
    expect(result.zeroShot!.templates).toEqual(['{}']);
  });
});

describe('retrieval', () => {
  it('with all captions is what sorting one by one gives', async () => {
    const {result} = await evaluate({task: 'retrieval'});
    const images = await imageFeatures();
    const features = new Map(captions.map((text) => [text, textFeature(text)]));
    const expected = referenceRanks(
      rows.map((row) => row.captions),
      (image, text) => dot(images[image]!, features.get(text)!),
    );
    for (const k of [1, 5, 10] as const) {
      const {imageToText, textToImage} = result.retrieval!;
      expect(imageToText.recall[k].value).toBeCloseTo(referenceRecall(expected.imageToText, k), 12);
      expect(textToImage.recall[k].value).toBeCloseTo(referenceRecall(expected.textToImage, k), 12);
    }
    expect(result.retrieval).toMatchObject({
      protocol: 'standard',
      images: 12,
      captions: 24,
      distinctTexts: 5,
    });
    expect(result.zeroShot).toBeUndefined();
  });

  it('by the s-clip protocol scores the drawn captions on a square', async () => {
    const {result, prepared} = await evaluate({task: 'retrieval', protocol: 's-clip', seed: 3});
    const {texts, textsOf} = prepared.retrieval!.captions;
    const drawn = textsOf.map((ids) => texts[ids[0]!]!);
    drawn.forEach((caption, i) => expect(rows[i]!.captions).toContain(caption));
    const images = await imageFeatures();
    const square = images.map((image) => drawn.map((text) => dot(image, textFeature(text))));
    const ranks = referenceDiagonalRanks(square, false);
    expect(result.retrieval!.imageToText.recall[5].value).toBeCloseTo(referenceRecall(ranks, 5), 12);
    expect(result.retrieval!.imageToText.meanRank).toBeCloseTo(1 + ranks.reduce((a, b) => a + b) / 12, 12);
  });
});

describe('an evaluation', () => {
  it('measures both where the data has both, and tells its progress', async () => {
    const {result, events} = await evaluate({domain});
    expect(result.dataset).toBe('farm');
    expect(result.zeroShot && result.retrieval).toBeTruthy();
    expect(events).toContainEqual({type: 'progress', what: 'images', done: 5, total: 12});
    expect(events).toContainEqual({type: 'progress', what: 'prompts', done: 8, total: 8});
    expect(events).toContainEqual({type: 'progress', what: 'captions', done: 5, total: 5});
  });

  it('prepared once gives the same figures again, and others for other weights', async () => {
    const {result, prepared} = await evaluate({});
    const again = await drain(runEvaluation(embedder, prepared));
    const other = createEmbedder(randomModel(untrainedConfig, 99));
    const changed = await drain(runEvaluation(other, prepared));
    other.dispose();
    const figures = ({seconds: _, ...rest}: typeof result) => JSON.stringify(rest);
    expect(figures(again)).toBe(figures(result));
    expect(figures(changed)).not.toBe(figures(result));
  });

  it('keeps to its limit', async () => {
    const {result} = await evaluate({limit: 6});
    expect(result.zeroShot!.images).toBe(6);
    expect(result.retrieval!.images).toBe(6);
  });

  it('draws its intervals by the seed', async () => {
    const first = (await evaluate({task: 'zeroshot', seed: 1})).result.zeroShot!.acc1;
    expect((await evaluate({task: 'zeroshot', seed: 1})).result.zeroShot!.acc1.ci95).toEqual(first.ci95);
    expect(first.ci95[0]).toBeLessThanOrEqual(first.value);
    expect(first.ci95[1]).toBeGreaterThanOrEqual(first.value);
  });
});

async function drain<T, R>(generator: AsyncGenerator<T, R>): Promise<R> {
  for (;;) {
    const {done, value} = await generator.next();
    if (done) return value;
  }
}
