import {captionNumbers} from '../../data/caption-numbers.js';
import {rewriteCaption} from '../../data/rewrite-caption.js';
import type {HostArrays} from '../../engine/step.js';
import {fillTemplates} from '../../eval/prompts.js';
import type {Tokenizer} from '../../model/tokenizer.js';
import {trimTokens} from '../../model/trim-tokens.js';

/** A row of the data at its turn. */
export interface Visit {
  readonly index: number;
  readonly epoch: number;
}

/** Entries of a batch that come from the captions drawn for the visited rows. */
export type CaptionEntries = (captions: readonly string[], visited: readonly Visit[]) => HostArrays;

/**
 * Which image and which caption of the run each pair is.
 * @param all captions that can be drawn
 */
export function originsOf(all: readonly string[]): CaptionEntries {
  const numbers = captionNumbers(all);
  return (captions, visited) => ({
    'origins.images': {shape: [visited.length], data: Int32Array.from(visited, ({index}) => index)},
    'origins.captions': {shape: [captions.length], data: Int32Array.from(captions, numbers)},
  });
}

/**
 * The captions with words exchanged, left out or repeated. One that would be longer than all captions stays as it is, so
 * that its tokens fit where theirs do.
 * @param length of a row of tokens, which holds every caption
 * @param random the draws of a visit, in [0, 1)
 */
export function rewriter(
  tokenizer: Pick<Tokenizer, 'encode'>,
  length: number,
  random: (draw: number, visit: Visit) => number,
): CaptionEntries {
  return (captions, visited) => {
    const rewritten = captions.map((caption, i) =>
      rewriteCaption(caption, (draw) => random(draw, visited[i]!)),
    );
    const {end} = tokenizer.encode(rewritten);
    const fitting = rewritten.map((text, i) => (end.data[i]! < length ? text : captions[i]!));
    const tokens = trimTokens(tokenizer.encode(fitting), length);
    return {'rewritten.ids': tokens.ids, 'rewritten.end': tokens.end};
  };
}

/**
 * The same in every step: each keyword in each sentence, as tokens.
 * @param sentences by the part of the batch that holds them, each with `{}` for the keyword
 */
export function phraseEntries(
  sentences: Readonly<Record<string, string>>,
  keywords: readonly string[],
  tokenizer: Pick<Tokenizer, 'encode'>,
): HostArrays {
  const entries = Object.entries(sentences).flatMap(([part, sentence]) => {
    const {ids, end} = trimTokens(tokenizer.encode(fillTemplates([sentence], keywords)));
    return [
      [`${part}.ids`, ids],
      [`${part}.end`, end],
    ] as const;
  });
  return Object.fromEntries(entries);
}
