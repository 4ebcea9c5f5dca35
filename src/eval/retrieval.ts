import type {ItemScores} from './bootstrap.js';
import type {CaptionIndex} from './caption-index.js';
import type {Rows} from './inner-products.js';
import {productScores, rankRows, type Scores} from './ranks.js';

/** The K of R@K. */
export const recallCutoffs = [1, 5, 10] as const;
export type RecallCutoff = (typeof recallCutoffs)[number];

/** One direction of retrieval. */
export interface RetrievalDirection {
  /** Number of queries. */
  readonly queries: number;
  /** R@K per image: how many of its queries have a right answer among the first K. */
  readonly recall: Readonly<Record<RecallCutoff, ItemScores>>;
  /** Over the queries, of the rank (from 1) of the best right answer. */
  readonly meanRank: number;
  readonly medianRank: number;
}

export interface Retrieval {
  /** The queries are the images, the answers are texts. */
  readonly imageToText: RetrievalDirection;
  /** The queries are the texts, the answers are images. */
  readonly textToImage: RetrievalDirection;
}

export interface RetrievalRequest {
  /** [n, d] image features. */
  readonly images: Rows;
  /** [v, d] features of the distinct texts of the index. */
  readonly texts: Rows;
  readonly captions: CaptionIndex;
}

/**
 * Retrieval with all captions. Images search among all captions (a text that occurs twice takes two places) and a hit is
 * any caption with a text that the image has itself, whichever image it came from; each caption searches among all
 * images and a hit is any image that has its text. A wrong answer that scores exactly as much as the best right one
 * counts as ahead of it, so a model that gives everything the same score gets nothing.
 */
export function evaluateRetrieval({images, texts, captions}: RetrievalRequest): Retrieval {
  const scores = {imageToText: productScores(images, texts), textToImage: productScores(texts, images)};
  return retrievalByScores(scores, captions);
}

/** {@link evaluateRetrieval} by scores of any kind, which may differ in the two directions. */
export function retrievalByScores(
  scores: {readonly imageToText: Scores; readonly textToImage: Scores},
  captions: CaptionIndex,
): Retrieval {
  const {imageRanks, textRanks} = captionRanks(scores, captions);
  return {
    imageToText: direction([...imageRanks].map((rank) => [rank])),
    textToImage: direction(captions.textsOf.map((ids) => [...ids].map((id) => textRanks[id]!))),
  };
}

/** Where the best right answers stand, counted from 0: of each image [n] among all captions, of each text [v] among the images. */
export function captionRanks(
  scores: {readonly imageToText: Scores; readonly textToImage: Scores},
  {textsOf, imagesOf, copies}: CaptionIndex,
): {readonly imageRanks: Int32Array; readonly textRanks: Int32Array} {
  const ownTexts = textsOf.map((ids) => Int32Array.from(new Set(ids)));
  const imageRanks = rankRows({
    scores: scores.imageToText,
    relevant: (image) => ownTexts[image]!,
    copies,
    ties: 'ahead',
  });
  const textRanks = rankRows({
    scores: scores.textToImage,
    relevant: (text) => imagesOf[text]!,
    ties: 'ahead',
  });
  return {imageRanks, textRanks};
}

/**
 * Retrieval as the S-CLIP code scores it, for an index of one caption an image: N x N, only the image's own place counts,
 * and the rank is the number of strictly larger scores, so that an equal text elsewhere is neither right nor ahead.
 */
export function evaluateSquareRetrieval({images, texts, captions}: RetrievalRequest): Retrieval {
  const scores = {imageToText: productScores(images, texts), textToImage: productScores(texts, images)};
  return squareRetrievalByScores(scores, captions);
}

/** {@link evaluateSquareRetrieval} by scores of any kind: each image's one text stands for its caption. */
export function squareRetrievalByScores(
  {imageToText, textToImage}: {readonly imageToText: Scores; readonly textToImage: Scores},
  {textsOf}: CaptionIndex,
): Retrieval {
  const paired = textsOf.map((ids) => ids[0]!);
  const own = (index: number) => [index];
  const ranksOf = (scores: Scores) =>
    [...rankRows({scores, relevant: own, ties: 'behind'})].map((rank) => [rank]);
  return {
    imageToText: direction(ranksOf(withColumns(imageToText, paired))),
    textToImage: direction(ranksOf(withRows(textToImage, paired))),
  };
}

/** Scores over other columns: new column k is column `numbers[k]`. */
function withColumns({queries, gallery, block}: Scores, numbers: readonly number[]): Scores {
  return {
    queries,
    gallery: numbers.length,
    block(start, end, out) {
      const whole = new Float64Array((end - start) * gallery);
      block(start, end, whole);
      for (let row = 0; row < end - start; row++) {
        numbers.forEach((number, k) => (out[row * numbers.length + k] = whole[row * gallery + number]!));
      }
    },
  };
}

/** Scores over other rows: new row k is row `numbers[k]`. */
function withRows({gallery, block}: Scores, numbers: readonly number[]): Scores {
  return {
    queries: numbers.length,
    gallery,
    block(start, end, out) {
      for (let k = start; k < end; k++) {
        block(numbers[k]!, numbers[k]! + 1, out.subarray((k - start) * gallery, (k - start + 1) * gallery));
      }
    },
  };
}

/** Sums up the ranks, counted from 0, of the queries of each image. */
function direction(ranksOf: readonly (readonly number[])[]): RetrievalDirection {
  const ranks = Float64Array.from(ranksOf.flat()).sort();
  const queries = Float64Array.from(ranksOf, (own) => own.length);
  const recallAt = (cutoff: number): ItemScores => ({
    sums: Float64Array.from(ranksOf, (own) => own.filter((rank) => rank < cutoff).length),
    counts: queries,
  });
  return {
    queries: ranks.length,
    recall: {1: recallAt(1), 5: recallAt(5), 10: recallAt(10)},
    meanRank: 1 + ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length,
    medianRank: 1 + (ranks[(ranks.length - 1) >> 1]! + ranks[ranks.length >> 1]!) / 2,
  };
}
