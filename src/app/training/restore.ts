import type {CompiledStep} from '../../engine/step.js';
import {openSafetensors} from '../../model/safetensors.js';
import {exitCodes, UserError} from '../../support/errors.js';

/**
 * Puts a checkpoint back into a step: weights, both moments and state, bit for bit.
 * @throws UserError when the checkpoint does not hold exactly what the step holds
 */
export async function restoreCheckpoint(compiled: CompiledStep, path: string): Promise<void> {
  const file = await openSafetensors(path);
  try {
    const wanted = new Set(compiled.names());
    const held = new Set(file.names());
    const missing = [...wanted].filter((name) => !held.has(name));
    const surplus = [...held].filter((name) => !wanted.has(name));
    if (missing.length + surplus.length > 0) {
      throw new UserError(
        `${path}: expected the tensors of this run, got ${missing.length} missing and ${surplus.length} others`,
        {exit: exitCodes.data, tryThis: 'start again in another folder with --out'},
      );
    }
    for (const name of wanted) compiled.write(name, await file.read(name));
  } finally {
    await file.close();
  }
}
