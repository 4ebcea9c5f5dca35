import {describeClip, type ClipDescription} from '../model/checkpoint.js';
import {parseModelReference, pullReference, type ResolveOptions} from '../model/model-reference.js';
import {UserError} from '../support/errors.js';

/** A model that is in the cache now. */
export interface PullResult extends Pick<ClipDescription, 'layout' | 'dtype' | 'parameters'> {
  readonly reference: string;
  readonly repository: string;
  /** The branch, tag or commit that was asked for. */
  readonly revision: string;
  readonly commit: string;
  readonly folder: string;
  readonly files: readonly {readonly name: string; readonly bytes: number}[];
  readonly bytes: number;
  /** Bytes that the cache did not have before. */
  readonly downloadedBytes: number;
}

/**
 * Brings the newest state of a model into the cache of the hub, and checks that it is a CLIP that can be run.
 * @throws UserError; with exit code `retry` when the same command may go on later
 */
export async function pullModel(reference: string, options: ResolveOptions = {}): Promise<PullResult> {
  const asked = await parseModelReference(reference);
  if (asked.kind === 'folder') {
    throw new UserError(`models pull: expected hf:owner/name or a known name, got the folder ${asked.path}`, {
      tryThis: 'fewclip models list --known',
    });
  }
  const {folder, commit, files, downloadedBytes} = await pullReference(asked, options);
  const {layout, dtype, parameters} = await describeClip(folder);
  return {
    ...{reference, repository: asked.repository, revision: asked.revision, commit, folder},
    ...{layout, dtype, parameters},
    files: files.map(({name, bytes}) => ({name, bytes})),
    bytes: files.reduce((sum, {bytes}) => sum + bytes, 0),
    downloadedBytes,
  };
}
