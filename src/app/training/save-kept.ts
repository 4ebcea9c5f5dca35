import {join} from 'node:path';
import type {KeptWeights} from '../../methods/contract/method.js';
import {writeSafetensors} from '../../model/safetensors.js';

/** Writes weights of a method's own beside a saved model, whole or not at all; what they are stands in the metadata. */
export async function saveKept(folder: string, {name, arrays, about}: KeptWeights): Promise<void> {
  await writeSafetensors(
    join(folder, `${name}.safetensors`),
    Object.entries(arrays).map(([entry, array]) => ({name: entry, value: () => array})),
    {metadata: {format: `fewclip-${name}`, about: JSON.stringify(about)}},
  );
}
