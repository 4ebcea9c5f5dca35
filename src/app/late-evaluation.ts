import {
  retrievalResult,
  zeroShotResult,
  type LateResult,
  type RetrievalResult,
  type ZeroShotResult,
} from '../eval/evaluation-result.js';
import type {Rows} from '../eval/inner-products.js';
import {tableScores} from '../eval/ranks.js';
import {retrievalByScores, squareRetrievalByScores} from '../eval/retrieval.js';
import {measureLogits} from '../eval/zero-shot.js';
import {lateScores} from '../methods/shared/late-scores.js';
import type {TokenEmbedder} from '../model/diagnostics/token-embedder.js';
import type {TokenArrays} from '../model/tokenizer.js';
import {embedImages, embedTexts, told, type EmbeddingProgress, type PixelSource} from './embed-rows.js';
import type {
  EvaluationProgress,
  PreparedEvaluation,
  PreparedRetrieval,
  PreparedZeroShot,
  RunOptions,
} from './evaluate.js';

/** Zero-shot classification and retrieval by late interaction; the similarities to the prompts of a class are averaged. */
export async function* measureLate(
  {method, embedder}: NonNullable<RunOptions['tokens']>,
  {pixels, zeroShot, retrieval, seed}: PreparedEvaluation,
  options: Pick<RunOptions, 'batch'>,
): AsyncGenerator<EvaluationProgress, LateResult> {
  const prompts = zeroShot && (yield* lateTable(embedder, {pixels, texts: zeroShot.prompts}, options));
  const captions = retrieval && (yield* lateTable(embedder, {pixels, texts: retrieval.texts}, options));
  return {
    method,
    ...(zeroShot && prompts && {zeroShot: measureLateClasses(zeroShot, prompts, seed)}),
    ...(retrieval && captions && {retrieval: measureLateRetrieval(retrieval, captions, seed)}),
  };
}

function measureLateClasses(
  {chosen, templates, images, labels}: PreparedZeroShot,
  {imageToText}: LateTable,
  seed: number,
): ZeroShotResult {
  const classes = chosen.labels.length;
  const m = templates.length;
  const measured = measureLogits({images: images.length, classes, labels}, (visit) => {
    images.forEach((image, i) => {
      const own = imageToText.subarray(image * classes * m, (image + 1) * classes * m);
      const mean = (c: number) => own.subarray(c * m, (c + 1) * m).reduce((sum, score) => sum + score / m, 0);
      visit(
        Float64Array.from({length: classes}, (_, c) => mean(c)),
        i,
      );
    });
  });
  return zeroShotResult(measured, chosen, {templates, seed});
}

function measureLateRetrieval(
  {protocol, images, captions}: PreparedRetrieval,
  {imageToText, textToImage}: LateTable,
  seed: number,
): RetrievalResult {
  const texts = captions.texts.length;
  const all = imageToText.length / texts;
  const rows = Float64Array.from({length: images.length * texts}, (_, k) => {
    return imageToText[images[Math.floor(k / texts)]! * texts + (k % texts)]!;
  });
  const columns = Float64Array.from({length: texts * images.length}, (_, k) => {
    return textToImage[Math.floor(k / images.length) * all + images[k % images.length]!]!;
  });
  const scores = {
    imageToText: tableScores(rows, images.length),
    textToImage: tableScores(columns, texts),
  };
  const measured =
    protocol === 's-clip' ? squareRetrievalByScores(scores, captions) : retrievalByScores(scores, captions);
  return retrievalResult(measured, {protocol, images: images.length, captions}, seed);
}

/** Late-interaction scores of n images and m texts. */
interface LateTable {
  /** [n, m]. */
  readonly imageToText: Float64Array;
  /** [m, n]. */
  readonly textToImage: Float64Array;
}

/**
 * Scores all images against all texts by their tokens: those of the texts are kept, those of the images only for their
 * batch. Yields progress.
 * @throws UserError (numerical) when a score is not finite
 */
async function* lateTable(
  embedder: TokenEmbedder,
  {pixels, texts}: {readonly pixels: PixelSource; readonly texts: TokenArrays},
  options: {readonly batch?: number},
): AsyncGenerator<EmbeddingProgress<'tokens'>, LateTable> {
  const words = yield* told(
    'tokens',
    embedTexts({texts: ({ids}) => embedder.words(ids).data as Float32Array}, texts, options),
  );
  const compared = withoutStart(words, texts);
  const m = compared.lengths.length;
  const scoreRows = {
    images(given: Parameters<TokenEmbedder['patches']>[0]): Float32Array {
      const images = embedder.patches(given);
      const {imageToText, textToImage} = lateScores({images, ...compared});
      const n = images.shape[0]!;
      // a row an image: its scores to the texts, then theirs to it
      return Float32Array.from({length: n * 2 * m}, (_, k) => {
        const [i, j] = [Math.floor(k / (2 * m)), k % (2 * m)];
        return j < m ? imageToText[i * m + j]! : textToImage[(j - m) * n + i]!;
      });
    },
  };
  const rows = yield* told('tokens', embedImages(scoreRows, pixels, options));
  return {
    imageToText: Float64Array.from({length: rows.count * m}, (_, k) => {
      return rows.values[Math.floor(k / m) * 2 * m + (k % m)]!;
    }),
    textToImage: Float64Array.from({length: m * rows.count}, (_, k) => {
      const [j, i] = [Math.floor(k / rows.count), k % rows.count];
      return rows.values[i * 2 * m + m + j]!;
    }),
  };
}

/** The tokens behind the start token, and how many of each text count: those up to its end token. */
function withoutStart({values, count, dim: rowLength}: Rows, {ids, end}: TokenArrays) {
  const t = ids.shape[1]!;
  const dim = rowLength / t;
  const data = new Float32Array(count * (t - 1) * dim);
  for (let text = 0; text < count; text++) {
    const own = values.subarray(text * rowLength + dim, (text + 1) * rowLength);
    data.set(own, text * (t - 1) * dim);
  }
  return {texts: {shape: [count, t - 1, dim], data}, lengths: Array.from(end.data)};
}
