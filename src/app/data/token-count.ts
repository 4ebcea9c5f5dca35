import {estimatedTokens} from '../../data/check/token-estimate.js';
import type {TokenCount} from '../../data/check/caption-problems.js';
import {readClipConfig} from '../../model/checkpoint.js';
import {resolveModel} from '../../model/model-reference.js';
import {loadTokenizer} from '../../model/tokenizer.js';
import {emitted} from '../emitted.js';
import type {OpenModelEvent} from '../open-model.js';

/** Tokens that CLIP reads, of all published models. */
const usualContext = 77;
/** Texts are counted up to here. */
const longestCounted = 4096;

/** How tokens are counted, and by what. */
export interface NamedTokenCount extends TokenCount {
  /** The reference of a model; null: an estimate. */
  readonly by: string | null;
}

/**
 * Counts tokens with the tokenizer of a model, or by an estimate where none is named.
 * @throws UserError when there is no such model
 */
export async function* tokenCount(
  model: string | undefined,
): AsyncGenerator<OpenModelEvent, NamedTokenCount> {
  if (model === undefined) return {by: null, of: estimatedTokens, context: usualContext};
  const folder = yield* emitted<OpenModelEvent, string>((emit) =>
    resolveModel(model, {
      onProgress: (progress) => emit({type: 'download', ...progress}),
      onNotice: (message) => emit({type: 'notice', message}),
    }),
  );
  const {text} = await readClipConfig(folder);
  const tokenizer = await loadTokenizer(folder, {...text, contextLength: longestCounted});
  return {
    by: model,
    of: (caption) => tokenizer.encode([caption]).end.data[0]! + 1,
    context: text.contextLength,
  };
}
