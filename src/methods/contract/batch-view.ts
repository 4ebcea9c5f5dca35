import type {Rank, Tensor} from '@tensorflow/tfjs-core';
import type {Tensors} from '../../engine/step.js';
import type {TokenTensors} from '../../model/text-tower.js';
import {BugError} from '../../support/errors.js';
import type {BatchView, ClassBatch, KeywordBatch, OriginBatch, PairedBatch, UnpairedBatch} from './method.js';
import type {Needs} from './needs.js';

/**
 * Opens the part of a batch that a method declares. A batch is flat: `paired.images` [b, h, w, 3], `paired.ids`
 * [b, t], `paired.end` [b]; `unpaired.images` [u, h, w, 3]; `keywords.ids` [k, t], `keywords.end` [k],
 * `keywords.labels` [b, k]; `origins.images`, `origins.captions` [b]; `rewritten.ids` [b, t], `rewritten.end` [b];
 * `classes.ids` [c, t], `classes.end` [c], `classes.labels` [b, c], `classes.prompt-ids` [b, t],
 * `classes.prompt-end` [b]. Of the declared parts the uncaptioned images and the keywords may be absent, and read as null;
 * an undeclared part throws.
 * @throws BugError when half of a part or one that no run lacks is missing, or a rank is wrong
 */
export function batchView<N extends Needs>(batch: Tensors, needs: N): BatchView<N> {
  const view = {paired: pairedBatch(batch)};
  open(view, 'unpaired', needs.unpaired === 'images', () => unpairedBatch(batch));
  open(view, 'keywords', needs.keywords === true, () => keywordBatch(batch));
  open(view, 'origins', needs.origins === true, () => originBatch(batch));
  open(view, 'rewritten', needs.rewritten === true, () => tokens(batch, 'rewritten'));
  open(view, 'classes', needs.classes === true, () => classBatch(batch));
  return Object.freeze(view) as BatchView<N>;
}

function open(view: object, part: string, declared: boolean, read: () => unknown): void {
  if (declared) {
    Object.defineProperty(view, part, {value: read(), enumerable: true});
  } else {
    Object.defineProperty(view, part, {
      get() {
        throw new BugError(`batch: expected the method to declare that it needs ${part}, got no declaration`);
      },
    });
  }
}

function pairedBatch(batch: Tensors): PairedBatch {
  return {images: tensor(batch, 'paired.images', 4), captions: tokens(batch, 'paired')};
}

function unpairedBatch(batch: Tensors): UnpairedBatch | null {
  return has(batch, 'unpaired') ? {images: tensor(batch, 'unpaired.images', 4)} : null;
}

function keywordBatch(batch: Tensors): KeywordBatch | null {
  if (!has(batch, 'keywords')) return null;
  return {tokens: tokens(batch, 'keywords'), labels: tensor(batch, 'keywords.labels', 2)};
}

function originBatch(batch: Tensors): OriginBatch {
  return {images: tensor(batch, 'origins.images', 1), captions: tensor(batch, 'origins.captions', 1)};
}

function classBatch(batch: Tensors): ClassBatch {
  return {
    names: tokens(batch, 'classes'),
    labels: tensor(batch, 'classes.labels', 2),
    prompts: {ids: tensor(batch, 'classes.prompt-ids', 2), end: tensor(batch, 'classes.prompt-end', 1)},
  };
}

function has(batch: Tensors, part: string): boolean {
  return Object.keys(batch).some((name) => name.startsWith(`${part}.`));
}

function tokens(batch: Tensors, part: string): TokenTensors {
  return {ids: tensor(batch, `${part}.ids`, 2), end: tensor(batch, `${part}.end`, 1)};
}

function tensor<R extends keyof RankName>(batch: Tensors, name: string, rank: R): Tensor<RankName[R]> {
  const value = batch[name];
  if (value?.rank !== rank) {
    throw new BugError(
      `batch: expected ${name} of rank ${rank}, got ${value ? `rank ${value.rank}` : 'nothing'}`,
    );
  }
  return value as Tensor<RankName[R]>;
}

interface RankName {
  1: Rank.R1;
  2: Rank.R2;
  4: Rank.R4;
}
