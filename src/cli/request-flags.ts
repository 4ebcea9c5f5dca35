import {Flags} from '@oclif/core';
import {UserError} from '../support/errors.js';
import {columnFlags, withColumns} from './column-flags.js';

const numeric = {
  steps: 'optimiser steps (default 100)',
  epochs: 'instead of --steps: passes over the captioned images',
  batch: 'captioned images a step (default 32)',
  'unpaired-batch': 'uncaptioned images a step (default: as many as captioned)',
  'micro-batch':
    'images or texts that the towers take at a time: less memory for a third more time (default: all)',
  lr: 'peak learning rate (default 1e-4, and for models wider than 256 less: 3.3e-5 for ViT-B)',
  warmup: 'steps of linear warm-up (default 10)',
  'weight-decay': 'decoupled weight decay (default 0.2)',
  'clip-norm': 'clip the gradients to this norm (default: no clipping)',
  seed: 'decides the label split, the order and every crop (default 0)',
  'label-ratio': 'keep the captions of this share of --captioned; the rest becomes uncaptioned',
  'held-out-share':
    'share of the captioned images that --select held-out keeps back (default 0.2, at most 256)',
  'checkpoint-every': 'steps between checkpoints (default 50)',
  'image-cache':
    'MiB of memory for decoded images, 0 for none (default: an eighth of what is free, at most 1024)',
} as const;

/** Parameters of the S-CLIP family that have a flag of their own; any parameter of any method can be given by --set. */
export const methodFlagTexts = {
  transport: 'pseudo-labels by optimal transport, row soft-max or nearest image: ot, soft or hard',
  assign: 'similarity that assigns captions: image or text',
  'plan-grad': 'let gradients pass through the plan, as the published code does: stop or through',
  'transport-iters': 'Sinkhorn iterations',
  'transport-reg': 'entropic regularisation: auto (1 / logit scale) or a number',
  'caption-weight': 'weight of the caption-level term',
  'keyword-weight': 'weight of the keyword-level term',
  'keyword-target': 'targets of the keyword term: ratio of cosines or softmax',
  'unpaired-negatives': 'uncaptioned images as extra negatives of the supervised term: on or off',
} as const;

/** Flag of a request number -> its key in the request. */
const requestKeys: Readonly<Record<keyof typeof numeric, string>> = {
  steps: 'steps',
  epochs: 'epochs',
  batch: 'batch',
  'unpaired-batch': 'unpairedBatch',
  'micro-batch': 'microBatch',
  lr: 'learningRate',
  warmup: 'warmupSteps',
  'weight-decay': 'weightDecay',
  'clip-norm': 'clipNorm',
  seed: 'seed',
  'label-ratio': 'labelRatio',
  'held-out-share': 'heldOutShare',
  'checkpoint-every': 'checkpointEvery',
  'image-cache': 'imageCacheMiB',
};

/** The flags that make up a request: everything that decides a run. */
export const requestFlags = {
  captioned: Flags.string({
    helpValue: 'PATH',
    description:
      'captioned images in any format: a folder, table, archive, parquet, shards; see docs/data.md',
    helpGroup: 'DATA',
  }),
  ...columnFlags,
  split: Flags.string({description: 'rows of --captioned to use, when it has splits', helpGroup: 'DATA'}),
  unpaired: Flags.string({
    helpValue: 'PATH',
    description: 'uncaptioned images: a folder, list, archive, parquet, shards or pattern',
    helpGroup: 'DATA',
  }),
  domain: Flags.string({description: 'a domain by name, or the path of your own', helpGroup: 'DATA'}),
  keywords: Flags.string({
    helpValue: 'FILE',
    description: 'one keyword a line, or class-names[:SET,...] (default: the list of the domain)',
    helpGroup: 'DATA',
  }),
  'keyword-matching': Flags.string({
    description: 'words (default): whatever the case and inflection, or exact: between spaces as published',
    helpGroup: 'DATA',
  }),
  augmentation: Flags.string({
    description: 'domain (default): vary training images as the domain says; published: as S-CLIP everywhere',
    helpGroup: 'DATA',
  }),
  model: Flags.string({
    helpValue: 'REF',
    description: 'a folder, hf:owner/name, or a name such as ViT-B-32/openai',
    helpGroup: 'MODEL',
  }),
  engine: Flags.string({description: 'auto, tensorflow, wasm or cpu (default auto)', helpGroup: 'MODEL'}),
  precision: Flags.string({
    description:
      'products of transformers in fp32 or bf16 (default auto: bf16 where the processor is faster with it)',
    helpGroup: 'MODEL',
  }),
  capture: Flags.boolean({
    allowNo: true,
    description: 'run each step as one TensorFlow graph (default), or operation by operation',
    helpGroup: 'MODEL',
  }),
  frozen: Flags.string({description: 'a tower that is not trained: none, image or text', helpGroup: 'MODEL'}),
  'unpaired-order': Flags.string({
    description:
      'uncaptioned images of a step: shuffled: any; matched: some that look like its captioned ones; auto (default): matched for S-CLIP, where images that look alike share captions',
    helpGroup: 'TRAINING',
  }),
  select: Flags.string({
    description:
      'weights to leave: held-out (default): a mixture of those before and after, chosen by captioned images kept back; or last',
    helpGroup: 'TRAINING',
  }),
  method: Flags.string({description: 'see fewclip methods list (default s-clip)', helpGroup: 'METHOD'}),
  with: Flags.string({
    multiple: true,
    helpValue: 'NAME[:WEIGHT]',
    description: 'a further method whose terms are added, with a factor; may be given several times',
    helpGroup: 'METHOD',
  }),
  set: Flags.string({
    multiple: true,
    helpValue: '[METHOD.]NAME=VALUE',
    description: 'a parameter of the method, or of one given by --with, see fewclip methods show NAME',
    helpGroup: 'METHOD',
  }),
  evaluate: Flags.string({
    multiple: true,
    helpValue: 'PATH[#SPLIT]',
    description: 'measure on this set before and after; may be given several times',
    helpGroup: 'DATA',
  }),
  ...textFlags(numeric, 'TRAINING'),
  ...textFlags(methodFlagTexts, 'METHOD'),
};

type RequestFlagValues = Readonly<Record<string, unknown>>;

/** The request that flags spell: only what was given, so that a recipe below it keeps its values. */
export function requestOf(flags: RequestFlagValues): Record<string, unknown> {
  const request: Record<string, unknown> = {};
  for (const name of [
    'captioned',
    'split',
    'unpaired',
    'domain',
    'keywords',
    'augmentation',
    'model',
    'engine',
    'precision',
    'capture',
    'frozen',
    'select',
    'method',
  ]) {
    if (flags[name] !== undefined) request[name] = flags[name];
  }
  if (flags['keyword-matching'] !== undefined) request['keywordMatching'] = flags['keyword-matching'];
  if (flags['unpaired-order'] !== undefined) request['unpairedOrder'] = flags['unpaired-order'];
  const captioned = withColumns(flags['captioned'] as string | undefined, flags, '--captioned');
  if (captioned !== undefined) request['captioned'] = captioned;
  if (flags['evaluate'] !== undefined) request['evaluate'] = flags['evaluate'];
  for (const [flag, key] of Object.entries(requestKeys)) {
    if (flags[flag] !== undefined) request[key] = scalar(flags[flag] as string);
  }
  const settings = ((flags['set'] as string[] | undefined) ?? []).map(settingOf);
  const params = {...flagParams(flags), ...paramsOf(settings, undefined)};
  if (Object.keys(params).length > 0) request['params'] = params;
  const added = addedMethods((flags['with'] as string[] | undefined) ?? [], settings);
  if (added.length > 0) request['with'] = added;
  return request;
}

function flagParams(flags: RequestFlagValues): Record<string, unknown> {
  const own = Object.keys(methodFlagTexts).flatMap((flag): [string, unknown][] =>
    flags[flag] === undefined ? [] : [[camelCase(flag), scalar(flags[flag] as string)]],
  );
  return Object.fromEntries(own);
}

/** One `--set`. */
interface Setting {
  /** As it was written. */
  readonly text: string;
  /** The method given by --with that it is for; undefined: the one that decides. */
  readonly method: string | undefined;
  readonly name: string;
  readonly value: unknown;
}

/** `name=value`, or `method.name=value`; without a value it is true. */
function settingOf(text: string): Setting {
  const [, method, name, value] = /^(?:([^.=]+)\.)?([^=]*)(?:=(.*))?$/s.exec(text)!;
  return {text, method, name: camelCase(name!), value: value === undefined ? true : scalar(value)};
}

function paramsOf(settings: readonly Setting[], method: string | undefined): Record<string, unknown> {
  const own = settings.filter((setting) => setting.method === method);
  return Object.fromEntries(own.map(({name, value}) => [name, value]));
}

/** @throws UserError when a setting is for a method that is not there */
function addedMethods(given: readonly string[], settings: readonly Setting[]): Record<string, unknown>[] {
  const added = given.map((text) => {
    const [, name, weight] = /^([^:]*)(?::(.*))?$/s.exec(text)!;
    return {name, ...(weight !== undefined && {weight: scalar(weight)}), params: paramsOf(settings, name)};
  });
  const lost = settings.find(({method}) => method !== undefined && !added.some(({name}) => name === method));
  if (lost) {
    throw new UserError(`--set ${lost.text}: expected a method given by --with, got ${lost.method}`, {
      tryThis: `--with ${lost.method}`,
    });
  }
  return added;
}

/** `true`, `false` and numbers as such; everything else, a wrong number too, as text for the schema to judge. */
function scalar(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? text : number;
}

/** `plan-grad` -> `planGrad`. */
export function camelCase(kebab: string): string {
  return kebab.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function textFlags<N extends string>(texts: Readonly<Record<N, string>>, helpGroup: string) {
  const entries = (Object.entries(texts) as [N, string][]).map(([name, description]) => [
    name,
    Flags.string({description, helpGroup}),
  ]);
  return Object.fromEntries(entries) as Record<N, ReturnType<typeof Flags.string>>;
}
