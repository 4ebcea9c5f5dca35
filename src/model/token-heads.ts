import {existsSync} from 'node:fs';
import {join} from 'node:path';
import type {HostArray, HostArrays} from '../engine/step.js';
import {exitCodes, UserError} from '../support/errors.js';
import type {ClipModel} from './clip-model.js';
import {imageTokenWidth} from './image-tower.js';
import {openSafetensors, writeSafetensors} from './safetensors.js';

/** Linear layers from the tokens of the towers, widths v and w, into one space of width d (FILIP, arXiv:2111.07783). */
export interface TokenHeadArrays {
  /** weight [d, v], bias [d]. */
  readonly image: {readonly weight: HostArray; readonly bias: HostArray};
  /** weight [d, w], bias [d]. */
  readonly text: {readonly weight: HostArray; readonly bias: HostArray};
}

/** Heads that lie beside the weights in a model's folder. */
export interface TokenHeads extends TokenHeadArrays {
  /** The method that trained them. */
  readonly method: string;
}

const fileName = 'token-heads.safetensors';

/** Writes heads into a model's folder, whole or not at all. */
export async function saveTokenHeads(folder: string, heads: TokenHeads): Promise<void> {
  await writeSafetensors(
    join(folder, fileName),
    Object.entries(flat(heads)).map(([name, array]) => ({name, value: () => array})),
    {metadata: {format: 'fewclip-token-heads', method: heads.method}},
  );
}

/**
 * The heads in a model's folder; undefined when there are none.
 * @throws UserError with exit code `data` when the file does not hold heads of this model
 */
export async function loadTokenHeads(
  folder: string,
  {config}: Pick<ClipModel, 'config'>,
): Promise<TokenHeads | undefined> {
  const path = join(folder, fileName);
  if (!existsSync(path)) return undefined;
  const file = await openSafetensors(path);
  try {
    const read = async (name: string, shape: readonly number[]) => {
      const array = file.names().includes(name) ? await file.read(name) : undefined;
      if (array?.shape.join() === shape.join()) return array;
      const got = array ? `[${array.shape.join(', ')}]` : 'none';
      throw new UserError(`${path}: expected ${name} of shape [${shape.join(', ')}], got ${got}`, {
        exit: exitCodes.data,
      });
    };
    const dim = file.tensors.get('image.bias')?.shape[0] ?? 0;
    const head = async (tower: 'image' | 'text', width: number) => ({
      weight: await read(`${tower}.weight`, [dim, width]),
      bias: await read(`${tower}.bias`, [dim]),
    });
    return {
      method: file.metadata.get('method') ?? 'another method',
      image: await head('image', imageTokenWidth(config)),
      text: await head('text', config.text.width),
    };
  } finally {
    await file.close();
  }
}

function flat({image, text}: TokenHeadArrays): HostArrays {
  return {
    'image.weight': image.weight,
    'image.bias': image.bias,
    'text.weight': text.weight,
    'text.bias': text.bias,
  };
}
