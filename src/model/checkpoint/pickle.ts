import {open} from 'node:fs/promises';
import {exitCodes, UserError} from '../../support/errors.js';

const pickled = /\.(pt|pth|bin|ckpt|pkl)$/;

/** Whether a file of this name holds pickled weights, which can run code when they are read. */
export function isPickle(name: string): boolean {
  return pickled.test(name);
}

/** The pickled weights among these files, all parts of them: the usual names first. */
export function findPickles(names: readonly string[]): string[] {
  const pickles = names.filter((name) => isPickle(name) && !name.startsWith('training_args'));
  const usual = ['open_clip_pytorch_model.bin', 'pytorch_model.bin'].filter((name) => pickles.includes(name));
  const parts = pickles.filter((name) => /-\d{5}-of-\d{5}\.bin$/.test(name));
  return [usual.slice(0, 1), parts, pickles.slice(0, 1)].find((found) => found.length > 0) ?? [];
}

/**
 * Refuses pickled weights, which are never opened.
 * @param paths the parts of one checkpoint
 * @throws UserError with exit code `data` and the command that converts it
 */
export async function refusePickle(paths: readonly string[], convertedName: string): Promise<never> {
  const path = paths[0]!;
  const target = path.replace(/[^/]*$/, convertedName);
  const isScript = await isTorchScript(path);
  throw new UserError(
    `${path}: expected safetensors, got a pickle file, which may run code when it is loaded`,
    {
      exit: exitCodes.data,
      tryThis: conversionCommand(paths, target, isScript),
    },
  );
}

/** The command that converts pickled weights, in the hands of a person who trusts them. */
export function conversionCommand(from: readonly string[], to: string, isTorchScript = false): string {
  const load = isTorchScript ? loadScript : loadState;
  const script = [
    'import sys, torch',
    'from safetensors.torch import save_file',
    `load = lambda f: ${load}`,
    'd = {k: v for f in sys.argv[1:-1] for k, v in load(f).items()}',
    "d = {k.removeprefix('module.'): v.contiguous().clone() for k, v in d.items() if hasattr(v, 'contiguous')}",
    "save_file(d, sys.argv[-1], {'format': 'pt'})",
  ].join('; ');
  return `python -c "${script}" ${[...from, to].map(quoted).join(' ')}`;
}

// training scripts keep the weights under `state_dict`, beside the optimiser's
const loadState = "(lambda d: d.get('state_dict', d))(torch.load(f, map_location='cpu', weights_only=True))";
const loadScript = "torch.jit.load(f, map_location='cpu').state_dict()";

/** The end of a zip archive, with the list of what is in it. */
const tailBytes = 2 ** 20;

/** A TorchScript archive is a zip with code inside; the list of its entries is at its end. */
async function isTorchScript(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return false;
  try {
    const {size} = await file.stat();
    const start = Math.max(0, size - tailBytes);
    const {buffer, bytesRead} = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.subarray(0, bytesRead).includes('/code/__torch__');
  } finally {
    await file.close();
  }
}

function quoted(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
