import {removeRepository, removeRevision} from '../model/hub/cached-models.js';
import {hubEnvironment, type HubEnvironment} from '../model/hub/hub-environment.js';
import {parseModelReference} from '../model/model-reference.js';
import {UserError} from '../support/errors.js';

/** What was taken out of the cache. */
export interface RemoveResult {
  readonly reference: string;
  readonly folder: string;
  readonly bytes: number;
}

/**
 * Removes a model from the cache of the hub: one revision if the reference names one, else all of the repository.
 * @throws UserError when the cache does not hold it; a folder of the user's is never touched
 */
export async function removeModel(
  reference: string,
  environment: HubEnvironment = hubEnvironment(),
): Promise<RemoveResult> {
  const asked = await parseModelReference(reference);
  if (asked.kind === 'folder') {
    throw new UserError(`models remove: expected a model of the cache, got the folder ${asked.path}`, {
      tryThis: 'fewclip models list',
    });
  }
  const {cacheFolder} = environment;
  const {repository, revision, isPinned} = asked;
  const removed = isPinned
    ? await removeRevision(cacheFolder, repository, revision)
    : await removeRepository(cacheFolder, repository);
  if (removed === undefined) {
    throw new UserError(
      `models remove: expected a model in ${cacheFolder}, got ${reference}, which is not there`,
      {
        tryThis: 'fewclip models list',
      },
    );
  }
  return {reference, ...removed};
}
