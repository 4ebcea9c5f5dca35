import type {ListedName, ModelList} from '../app/list-models.js';
import type {ModelInfo} from '../app/model-info.js';
import type {PullResult} from '../app/pull-model.js';
import {formatBytes} from '../support/format-bytes.js';

/** The models in the cache, one a line: reference, size, commit, known names; then the one that is always there. */
export function modelListText({folder, models, bundled}: ModelList): string {
  const own = `${bundled.reference}, ${formatBytes(bundled.bytes)}, comes with fewclip: ${bundled.folder}`;
  if (models.length === 0) return `no model in ${folder}: fewclip models pull ViT-B-32/openai\n${own}`;
  const width = Math.max(...models.map(({reference}) => reference.length));
  const lines = models.map(({reference, bytes, commit, names}) =>
    `${reference.padEnd(width)}  ${formatBytes(bytes).padStart(7)}  ${commit.slice(0, 8)}  ${names.join(', ')}`.trimEnd(),
  );
  const total = models.reduce((sum, {bytes}) => sum + bytes, 0);
  return [...lines, `${formatBytes(total)} in ${folder}`, own].join('\n');
}

/** The known names with their repositories, the pulled ones marked. */
export function knownModelsText(names: readonly ListedName[]): string {
  const width = Math.max(...names.map(({name}) => name.length));
  return names
    .map(({name, repository, isPulled}) => `${isPulled ? '*' : ' '} ${name.padEnd(width)}  hf:${repository}`)
    .join('\n');
}

export function pullText({reference, folder, bytes, downloadedBytes, parameters, dtype}: PullResult): string {
  const news = downloadedBytes === 0 ? 'was there already' : `downloaded ${formatBytes(downloadedBytes)}`;
  return `${reference}: ${millions(parameters)} parameters in ${dtype}, ${formatBytes(bytes)}, ${news}\n${folder}`;
}

/** Everything about a model, one fact a line. */
export function modelInfoText(info: ModelInfo): string {
  const {vision, text, embedDim, activation, preprocess} = info.config;
  const facts: [string, string][] = [
    ['model', info.reference],
    ['architecture', info.architecture],
    ['parameters', millions(info.parameters)],
    ['weights', `${info.dtype}, ${info.layout} layout, ${info.tensors} tensors`],
    ['embedding', `${embedDim} numbers, ${activation}`],
    ['images', `${vision.imageSize} x ${vision.imageSize}, ${preprocess.interpolation}`],
    ['texts', `${text.contextLength} tokens of ${text.vocabSize}`],
    ['tokenizer', info.tokenizer.join(', ') || 'none in the folder'],
    ['licence', info.licence ?? 'the model card names none'],
    ['folder', info.folder],
    ['files', formatBytes(info.bytes)],
  ];
  const files = info.files.map(({name, bytes}) => `  ${formatBytes(bytes).padStart(7)}  ${name}`);
  return [...facts.map(([name, value]) => `${name.padEnd(12)}  ${value}`), ...files].join('\n');
}

function millions(parameters: number): string {
  if (parameters < 1e6) return String(parameters);
  return `${(parameters / 1e6).toFixed(parameters < 1e8 ? 1 : 0)} M`;
}
