import {open} from 'node:fs/promises';
import {exitCodes, UserError} from '../../support/errors.js';

const pickled = /\.(pt|pth|bin|ckpt|pkl)$/;

/** Whether a file of this name holds pickled weights, which can run code when they are read. */
export function isPickle(name: string): boolean {
  return pickled.test(name);
}

/** The pickled weights among these files: the usual names first. */
export function findPickle(names: readonly string[]): string | undefined {
  const usual = ['open_clip_pytorch_model.bin', 'pytorch_model.bin'].find((name) => names.includes(name));
  return usual ?? names.find((name) => isPickle(name) && !name.startsWith('training_args'));
}

/**
 * Refuses a pickled checkpoint, which is never opened.
 * @throws UserError with exit code `data` and the command that converts it
 */
export async function refusePickle(path: string, convertedName: string): Promise<never> {
  const target = path.replace(/[^/]*$/, convertedName);
  const script = (await isTorchScript(path)) ? torchScriptConversion : stateConversion;
  throw new UserError(
    `${path}: expected safetensors, got a pickle file, which may run code when it is loaded`,
    {
      exit: exitCodes.data,
      tryThis: `python -c "${script}" ${quoted(path)} ${quoted(target)}`,
    },
  );
}

const saving =
  "save_file({k.removeprefix('module.'): v.contiguous().clone() for k, v in d.items() if hasattr(v, 'contiguous')";

const stateConversion = [
  'import sys, torch',
  'from safetensors.torch import save_file',
  "d = torch.load(sys.argv[1], map_location='cpu', weights_only=True)",
  "d = d.get('state_dict', d)",
  `${saving}}, sys.argv[2], {'format': 'pt'})`,
].join('; ');

const torchScriptConversion = [
  'import sys, torch',
  'from safetensors.torch import save_file',
  "d = torch.jit.load(sys.argv[1], map_location='cpu').state_dict()",
  `${saving}}, sys.argv[2], {'format': 'pt'})`,
].join('; ');

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
