import {startEngine, type EngineChoice, type EngineInfo} from '../engine/backend.js';
import {loadClip} from '../model/checkpoint.js';
import type {ClipModel} from '../model/clip-model.js';
import {resolveModel, type PullProgress} from '../model/model-reference.js';
import {loadTokenizer, type Tokenizer} from '../model/tokenizer.js';
import {emitted} from './emitted.js';

/** What is told while a model is found, loaded and an engine started. */
export type OpenModelEvent =
  {readonly type: 'notice'; readonly message: string} | ({readonly type: 'download'} & PullProgress);

/** A model on the host, with its tokenizer. */
export interface OpenedModel {
  readonly folder: string;
  readonly model: ClipModel;
  readonly tokenizer: Tokenizer;
}

/**
 * Finds a model by its reference, downloading it if need be, and loads it with its tokenizer. Yields what it does.
 * @throws UserError when there is no such model or it cannot be loaded
 */
export async function* openModel(reference: string): AsyncGenerator<OpenModelEvent, OpenedModel> {
  const folder = yield* emitted<OpenModelEvent, string>((emit) =>
    resolveModel(reference, {
      onProgress: (progress) => emit({type: 'download', ...progress}),
      onNotice: (message) => emit({type: 'notice', message}),
    }),
  );
  const model = await loadClip(folder);
  return {folder, model, tokenizer: await loadTokenizer(folder, model.config.text)};
}

/** Starts an engine; yields what it has to say. */
export async function* openEngine(choice: EngineChoice): AsyncGenerator<OpenModelEvent, EngineInfo> {
  return yield* emitted<OpenModelEvent, EngineInfo>((emit) =>
    startEngine(choice, {onNotice: (message) => emit({type: 'notice', message})}),
  );
}
