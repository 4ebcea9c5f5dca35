import {join} from 'node:path';
import {Plugin} from '@oclif/core';
import {writeJsonAtomically} from '../support/atomic-file.js';

/**
 * Writes what all commands declare to `oclif.manifest.json` in the package's folder, so that help is shown and a
 * command is found without loading every one of them.
 */
export async function writeCommandManifest(root: string): Promise<void> {
  const plugin = new Plugin({
    root,
    type: 'core',
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
  });
  await plugin.load();
  await writeJsonAtomically(join(root, 'oclif.manifest.json'), plugin.manifest);
}
