import {loadDomain} from '../../data/load-domain.js';
import type {EngineName} from '../../engine/resolve-engine.js';
import type {EmbeddingProgress} from '../embed-rows.js';
import {createEmbedder} from '../../model/embedder.js';
import {prepareEvaluation, runEvaluation} from '../evaluate.js';
import {openEngine, openModel, type OpenModelEvent} from '../open-model.js';
import type {Measurement} from './try-report.js';

/** A model by a name for people, and its folder. */
export interface LabelledModel {
  readonly label: string;
  readonly folder: string;
}

export interface MeasureOptions {
  /** A domain with data of its own: its test images are taken. */
  readonly domain: string;
  readonly engine: EngineName;
  readonly seed: number;
}

/**
 * Measures models of one architecture and tokenizer on the same held-out images, which are decoded once. Yields progress.
 * @throws UserError (engine) when the engine cannot be started; (numerical) when a feature is not finite
 */
export async function* measureModels(
  models: readonly LabelledModel[],
  {domain: name, engine, seed}: MeasureOptions,
): AsyncGenerator<EmbeddingProgress | OpenModelEvent, Measurement[]> {
  const opened = [];
  for (const {label, folder} of models) opened.push({label, ...(yield* openModel(folder))});
  const {model: first, tokenizer} = opened[0]!;
  const request = {data: `domain:${name}`, split: 'test', domain: await loadDomain(name), seed};
  const prepared = await prepareEvaluation(request, {config: first.config, tokenizer});
  yield* openEngine(engine);
  const measured: Measurement[] = [];
  for (const {label, model} of opened) {
    const embedder = createEmbedder(model);
    try {
      measured.push({label, result: yield* labelled(label, runEvaluation(embedder, prepared))});
    } finally {
      embedder.dispose();
    }
  }
  return measured;
}

/** Tells which model it is about. */
async function* labelled<T>(
  label: string,
  events: AsyncGenerator<EmbeddingProgress, T>,
): AsyncGenerator<EmbeddingProgress, T> {
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
    yield {...next.value, what: `measuring ${label}: ${next.value.what}`};
  }
}
