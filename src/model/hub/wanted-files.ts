import {exitCodes, UserError} from '../../support/errors.js';
import {
  anyCheckpoint,
  chooseCheckpoint,
  convertedName,
  listed,
  sideFiles,
} from '../checkpoint/checkpoint-files.js';
import {conversionCommand, findPickles} from '../checkpoint/pickle.js';
import {parseShardIndex} from '../safetensors/sharded.js';
import type {Asked} from './hub-fetch.js';
import type {HubFile, HubSnapshot} from './repository-files.js';

/** Small files that decide what else is wanted. */
export interface Peek {
  /** `model_type` of the `config.json`. */
  readonly modelType: () => Promise<unknown>;
  /** The text of a file. */
  readonly text: (name: string) => Promise<string>;
}

/**
 * The files of a snapshot that its CLIP checkpoint is made of, the weights last.
 * @throws UserError with exit code `data` when there is no checkpoint that we can read
 */
export async function wantedFiles(asked: Asked, {files}: HubSnapshot, peek: Peek): Promise<HubFile[]> {
  const names = [...files.keys()];
  const checkpoint = await chooseCheckpoint(names, peek.modelType);
  if (checkpoint === undefined) throw noCheckpoint(asked, names);
  const {reference} = asked;
  const {config, weights, isSharded} = checkpoint;
  const shards = isSharded
    ? parseShardIndex(await peek.text(weights), `${reference}: ${weights}`).shards
    : [];
  const missing = shards.find((shard) => !files.has(shard));
  if (missing !== undefined) {
    throw new UserError(
      `${reference}: ${weights}: expected the shard ${missing} in the repository, got none`,
      {
        exit: exitCodes.data,
      },
    );
  }
  const small = sideFiles.filter((name) => files.has(name));
  return [config, ...small, weights, ...shards].map((name) => files.get(name)!);
}

function noCheckpoint({reference, repository}: Asked, names: readonly string[]): UserError {
  const pickles = findPickles(names);
  if (pickles.length === 0) {
    return new UserError(`${reference}: expected ${anyCheckpoint}, got ${listed(names)}`, {
      exit: exitCodes.data,
    });
  }
  const folder = repository.replace(/^.*\//, '');
  const inFolder = (name: string) => `${folder}/${name}`;
  const convert = conversionCommand(pickles.map(inFolder), inFolder(convertedName(names)));
  return new UserError(
    `${reference}: expected safetensors, got only pickled weights (${pickles.join(', ')})`,
    {
      exit: exitCodes.data,
      tryThis: `hf download ${repository} --local-dir ${folder} && ${convert}`,
    },
  );
}
