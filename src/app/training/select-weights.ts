import {indexCaptions} from '../../eval/caption-index.js';
import {
  chooseMixture,
  mean,
  mixtureShares,
  usualShare,
  type MixtureScores,
} from '../../eval/selection/choose-mixture.js';
import {rankScores} from '../../eval/selection/rank-scores.js';
import {createEmbedder} from '../../model/embedder.js';
import type {ClipConfig} from '../../model/clip-config.js';
import type {ClipModel} from '../../model/clip-model.js';
import {trimTokens} from '../../model/trim-tokens.js';
import {averageWeights} from '../../model/weight-average.js';
import {embedImages, embedTexts, finished, pixelSource, type EmbedProgress} from '../embed-rows.js';
import {captionsOf} from './batches.js';
import {mixtureText} from '../mixture-text.js';
import type {Solving} from './solve.js';

/** What was chosen of a run, and by what. */
export interface Selection {
  /** Share of the trained weights in the model that the run leaves; the rest are those before it. */
  readonly share: number;
  /** Captioned images that were kept back to choose by; 0: the share was not chosen. */
  readonly heldOut: number;
  /** Minus the mean log rank of the right answers among the held-out pairs, by share. */
  readonly scores: readonly {readonly share: number; readonly score: number}[];
}

/** What is left where there are too few captioned images to choose by. */
export const usualSelection: Selection = {share: usualShare, heldOut: 0, scores: []};

/** A selection as a sentence. */
export function selectionNotice({share, heldOut, scores}: Selection): string {
  const rankAt = (wanted: number) => Math.exp(-scores.find((one) => one.share === wanted)!.score).toFixed(1);
  const by = `selected by ${heldOut} captioned images kept back`;
  if (share === 0) return `${by}: the weights before training (no mixture ranks their captions better)`;
  return `${by}: ${mixtureText(share)} (right captions and images stand at rank ${rankAt(share)} in the mean, before at ${rankAt(0)})`;
}

/** A mixture of two models of one architecture, running statistics included (WiSE-FT, arXiv:2109.01903). */
export function mixedModel(start: ClipModel, trained: ClipModel, share: number): ClipModel {
  return {
    ...trained,
    weights: averageWeights(start.weights, trained.weights, share),
    state: averageWeights(start.state, trained.state, share),
  };
}

/**
 * Measures mixtures of the models before and after training on the captioned images that were kept back, and takes the one
 * with most of the trained weights that is as good as the best.
 */
export async function selectMixture(
  start: ClipModel,
  trained: ClipModel,
  using: Omit<Solving, 'extras'>,
): Promise<{readonly model: ClipModel; readonly selection: Selection}> {
  const measure = heldOutMeasure(start.config, using);
  const candidates: MixtureScores[] = [];
  for (const [i, share] of mixtureShares.entries()) {
    candidates.push({share, scores: await measure(mixedModel(start, trained, share))});
    await using.onProgress({done: i + 1, total: mixtureShares.length});
  }
  const {share} = chooseMixture(candidates);
  return {
    model: mixedModel(start, trained, share),
    selection: {
      share,
      heldOut: using.data.held.length,
      scores: candidates.map((candidate) => ({share: candidate.share, score: mean(candidate.scores)})),
    },
  };
}

/** The scores of a model on the held-out pairs, whose pixels and tokens are made once. */
function heldOutMeasure(
  {preprocess}: ClipConfig,
  {plan, data, tokenizer, pixelThreads}: Omit<Solving, 'extras'>,
) {
  const captions = indexCaptions(data.held.map((row) => captionsOf(plan, row)));
  const tokens = trimTokens(tokenizer.encode(captions.texts));
  const pixels = pixelSource(
    data.held.map(({image}) => image),
    preprocess,
    {pixelThreads},
  );
  const quietly = async (_: EmbedProgress) => {};
  return async (model: ClipModel): Promise<Float64Array> => {
    const embedder = createEmbedder(model);
    try {
      return rankScores({
        images: await finished(embedImages(embedder, pixels), quietly),
        texts: await finished(embedTexts(embedder, tokens), quietly),
        captions,
      });
    } finally {
      embedder.dispose();
    }
  };
}
