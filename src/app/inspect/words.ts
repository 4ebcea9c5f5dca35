import {evalLevels, normalize} from '../../data/pixels.js';
import type {ImageRef} from '../../data/rows.js';
import type {EngineChoice} from '../../engine/backend.js';
import type {HostArray} from '../../engine/step.js';
import {createTokenEmbedder, placesOf} from '../../model/diagnostics/token-embedder.js';
import {wordAlignment} from '../../model/diagnostics/word-alignment.js';
import {createEmbedder} from '../../model/embedder.js';
import type {PatchGrid} from '../../model/patch-grid.js';
import type {TokenArrays} from '../../model/tokenizer.js';
import {loadTokenHeads} from '../../model/token-heads.js';
import {trimTokens} from '../../model/trim-tokens.js';
import {UserError} from '../../support/errors.js';
import {imageFile} from '../image-file.js';
import {openEngine, openModel, type OpenedModel, type OpenModelEvent} from '../open-model.js';
import {textWords} from './text-words.js';
import {pictureFile} from './picture-file.js';
import {wordPicture} from './word-picture.js';

export interface InspectWordsOptions {
  /** An image file. */
  readonly image: string;
  readonly text: string;
  /** Folders, `hf:owner/name`, or names such as `ViT-B-32/openai`. */
  readonly models: readonly string[];
  readonly engine?: EngineChoice | undefined;
  /** Where the picture is written, `.png` or `.svg`. */
  readonly out?: string | undefined;
}

/** How one word of the text lies on the image. */
export interface WordHeat {
  /** As the tokenizer cleaned it; `[text]` for the end token, which has seen the whole text. */
  readonly word: string;
  /** [p] cosine with each patch, row by row. */
  readonly cosines: readonly number[];
  /** The patch with the largest cosine, rows and columns counted from 0. */
  readonly best: {readonly row: number; readonly column: number; readonly cosine: number};
  /** Share of the patches that are nearer to this word than to any other. */
  readonly wins: number;
}

/** How a model aligns the words of a text with the patches of an image. */
export interface WordsOfModel {
  readonly model: string;
  readonly grid: PatchGrid;
  /** Side of the square of the image that the model sees, in pixels. */
  readonly imageSize: number;
  /** The method whose heads the tokens go through; null: the projections for whole images and texts. */
  readonly heads: string | null;
  /** Of image and text as a whole, as in retrieval. */
  readonly cosine: number;
  /** Mean over the patches of the largest cosine with a token (FILIP). */
  readonly imageToText: number;
  /** Mean over the tokens of the largest cosine with a patch (FILIP). */
  readonly textToImage: number;
  /** The last is `[text]`. */
  readonly words: readonly WordHeat[];
  /** [p] number of the word nearest to each patch. */
  readonly nearest: readonly number[];
}

export interface InspectedWords {
  readonly version: 1;
  readonly diagnostic: 'words';
  readonly image: string;
  readonly text: string;
  readonly models: readonly WordsOfModel[];
  /** The picture, if one was asked for. */
  readonly picture: string | null;
}

/** The word that stands for the end token. */
const wholeText = '[text]';

/**
 * Shows which patches of an image each word of a text is near to, for one model or several. Yields what it does.
 * @throws UserError for anything about the image, the text, the models or the engine
 */
export async function* inspectWords(
  options: InspectWordsOptions,
): AsyncGenerator<OpenModelEvent, InspectedWords> {
  const {text, models, out} = options;
  const picture = out === undefined ? undefined : await pictureFile(out);
  const image = await imageFile(options.image);
  if (text.trim() === '') throw new UserError('--text: expected words, got none');
  const opened: OpenedModel[] = [];
  for (const reference of models) opened.push(yield* openModel(reference));
  yield* openEngine(options.engine ?? 'auto');
  const measured: (WordsOfModel & {readonly pixels255: Uint8Array})[] = [];
  for (const [i, model] of opened.entries()) {
    const {words, isFull} = await wordsOfModel(models[i]!, model, image, text);
    if (isFull) {
      const message = `text: fills all ${model.model.config.text.contextLength} tokens of ${models[i]}; what is longer is cut off`;
      yield {type: 'notice', message};
    }
    measured.push(words);
  }
  await picture?.write(await wordPicture({image: image.place, text, models: measured}));
  return {
    version: 1,
    diagnostic: 'words',
    image: image.place,
    text,
    models: measured.map(({pixels255: _, ...words}) => words),
    picture: out ?? null,
  };
}

async function wordsOfModel(
  reference: string,
  {folder, model, tokenizer}: OpenedModel,
  image: ImageRef,
  text: string,
): Promise<{words: WordsOfModel & {readonly pixels255: Uint8Array}; isFull: boolean}> {
  const {config} = model;
  const {size} = config.preprocess;
  const pixels255 = await evalLevels(image, config.preprocess);
  const pixels = {shape: [1, size, size, 3], data: normalize(pixels255, config.preprocess)};
  const tokens = trimTokens(tokenizer.encode([text]));
  const end = tokens.end.data[0]!;
  const heads = await loadTokenHeads(folder, model);
  const cosine = wholeCosine(model, pixels, tokens);
  const embedder = createTokenEmbedder(model, heads);
  try {
    const row = {end, words: textWords(tokenizer, tokens.ids.data, end)};
    const features = {
      patches: embedder.patches(pixels).data as Float32Array,
      tokens: embedder.words(tokens.ids).data as Float32Array,
    };
    const words = {
      ...{model: reference, imageSize: size, heads: heads?.method ?? null, cosine, pixels255},
      ...heats(features, row, placesOf(config)),
    };
    return {words, isFull: end === config.text.contextLength - 1};
  } finally {
    embedder.dispose();
  }
}

/** Of image and text as a whole. */
function wholeCosine(model: OpenedModel['model'], pixels: HostArray, tokens: TokenArrays): number {
  const embedder = createEmbedder(model);
  try {
    const text = embedder.texts(tokens);
    return embedder.images(pixels).reduce((sum, value, k) => sum + value * text[k]!, 0);
  } finally {
    embedder.dispose();
  }
}

/** The alignment word by word. A word of several tokens is where its last one is, which has seen the others. */
function heats(
  features: {readonly patches: Float32Array; readonly tokens: Float32Array},
  {end, words}: {readonly end: number; readonly words: ReturnType<typeof textWords>},
  grid: PatchGrid,
): Omit<WordsOfModel, 'model' | 'imageSize' | 'heads' | 'cosine'> {
  const p = grid.rows * grid.columns;
  const dim = features.patches.length / p;
  // without the start token, the same in every text
  const tokens = features.tokens.subarray(dim, (end + 1) * dim);
  const aligned = wordAlignment({patches: features.patches, words: tokens, dim});
  const all = [...words, {word: wholeText, first: end, last: end}];
  const nearest = Array.from(aligned.nearestWord, (token) =>
    all.findIndex(({first, last}) => first <= token + 1 && token + 1 <= last),
  );
  return {
    grid,
    imageToText: aligned.imageToText,
    textToImage: aligned.textToImage,
    words: all.map(({word, last}, w) => {
      const cosines = Array.from(aligned.cosines.subarray((last - 1) * p, last * p));
      const patch = aligned.nearestPatch[last - 1]!;
      const best = {
        row: Math.floor(patch / grid.columns),
        column: patch % grid.columns,
        cosine: cosines[patch]!,
      };
      return {word, cosines, best, wins: nearest.filter((own) => own === w).length / p};
    }),
    nearest,
  };
}
