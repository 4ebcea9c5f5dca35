import {existsSync} from 'node:fs';
import {join} from 'node:path';
import type {Tensor1D, Tensor2D, Tensor3D, Tensor4D} from '@tensorflow/tfjs-core';
import {compileForward} from '../engine/compile-forward.js';
import type {HostArray, HostArrays, Tensors} from '../engine/step.js';
import {exitCodes, UserError} from '../support/errors.js';
import type {ClipModel} from './clip-model.js';
import {comparedTokens, patchTokens, wordTokens, type TokenHead} from './compared-tokens.js';
import {imageTokens, imageTokenWidth} from './image-tower.js';
import {openSafetensors, writeSafetensors} from './safetensors.js';
import {textTokens} from './text-tower.js';
import {imageWeights, textWeights} from './tower-weights.js';

/** Linear layers from the tokens of the towers, widths v and w, into one space of width d (FILIP, arXiv:2111.07783). */
export interface TokenHeadArrays {
  /** weight [d, v], bias [d]. */
  readonly image: {readonly weight: HostArray; readonly bias: HostArray};
  /** weight [d, w], bias [d]. */
  readonly text: {readonly weight: HostArray; readonly bias: HostArray};
}

const fileName = 'token-heads.safetensors';

/** Writes heads into a model's folder, whole or not at all. */
export async function saveTokenHeads(folder: string, heads: TokenHeadArrays): Promise<void> {
  await writeSafetensors(
    join(folder, fileName),
    Object.entries(flat(heads)).map(([name, array]) => ({name, value: () => array})),
    {metadata: {format: 'fewclip-token-heads'}},
  );
}

/**
 * The heads in a model's folder; undefined when there are none.
 * @throws UserError with exit code `data` when the file does not hold heads of this model
 */
export async function loadTokenHeads(
  folder: string,
  {config}: Pick<ClipModel, 'config'>,
): Promise<TokenHeadArrays | undefined> {
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
    return {image: await head('image', imageTokenWidth(config)), text: await head('text', config.text.width)};
  } finally {
    await file.close();
  }
}

/** A CLIP in evaluation mode that gives the tokens that its heads compare. */
export interface TokenReader {
  /** [n, s, s, 3], normalised -> [n, p, d], rows of unit length. */
  images(pixels: HostArray): HostArray;
  /** ids [n, t] -> [n, t - 1, d], rows of unit length, padding too. */
  texts(ids: HostArray): HostArray;
  /** Frees the weights. */
  dispose(): void;
}

/** Puts a model and its heads on the current backend; the caller disposes it. */
export function createTokenReader({config, weights, state}: ClipModel, heads: TokenHeadArrays): TokenReader {
  const own = flat(heads);
  const images = compileForward(
    (held, running, {pixels}) => {
      const context = {weights: held, state: running, training: false};
      const {tokens} = imageTokens(config, context, pixels as Tensor4D);
      return comparedTokens(patchTokens(config, tokens), headOf(held, 'image'));
    },
    {weights: {...imageWeights(weights), ...own}, state},
  );
  const texts = compileForward(
    (held, _state, {ids}): Tensor3D =>
      comparedTokens(wordTokens(textTokens(config, held, ids as Tensor2D)), headOf(held, 'text')),
    {weights: {...textWeights(weights), ...own}, state: {}},
  );
  return {
    images: (pixels) => images.run({pixels}),
    texts: (ids) => texts.run({ids}),
    dispose() {
      images.dispose();
      texts.dispose();
    },
  };
}

function flat({image, text}: TokenHeadArrays): HostArrays {
  return {
    'image.weight': image.weight,
    'image.bias': image.bias,
    'text.weight': text.weight,
    'text.bias': text.bias,
  };
}

function headOf(held: Tensors, tower: 'image' | 'text'): TokenHead {
  return {weight: held[`${tower}.weight`] as Tensor2D, bias: held[`${tower}.bias`] as Tensor1D};
}
