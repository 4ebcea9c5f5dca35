import {exitCodes, UserError} from '../../support/errors.js';
import type {TensorReader} from '../safetensors.js';

const weightDtypes = new Set(['F16', 'BF16', 'F32']);

/** How many names of one kind of fault are listed. */
const listedFaults = 40;

/**
 * Checks that a checkpoint holds the wanted tensors and nothing else; constants may come along.
 * @throws UserError with exit code `data` that lists what is missing, surplus or of another shape or dtype.
 */
export function checkTensors(
  reader: TensorReader,
  wanted: ReadonlyMap<string, readonly number[]>,
  isConstant: (name: string) => boolean,
): void {
  const faults = {missing: [], 'of another shape': [], 'of another dtype': [], surplus: []} as Record<
    string,
    string[]
  >;
  for (const [name, shape] of wanted) {
    const entry = reader.tensors.get(name);
    if (entry === undefined) faults['missing']!.push(`${name} ${shown(shape)}`);
    else if (shown(entry.shape) !== shown(shape)) {
      faults['of another shape']!.push(`${name} (expected ${shown(shape)}, got ${shown(entry.shape)})`);
    } else if (!weightDtypes.has(entry.dtype)) {
      faults['of another dtype']!.push(`${name} (expected F16, BF16 or F32, got ${entry.dtype})`);
    }
  }
  for (const [name, {shape}] of reader.tensors) {
    if (!wanted.has(name) && !isConstant(name)) faults['surplus']!.push(`${name} ${shown(shape)}`);
  }
  const parts = Object.entries(faults).flatMap(([kind, names]) =>
    names.length > 0 ? describe(kind, names) : [],
  );
  if (parts.length === 0) return;
  throw new UserError(
    `${reader.path}: expected the ${wanted.size} tensors that the configuration describes, got ${parts.join('; ')}`,
    {exit: exitCodes.data},
  );
}

function describe(kind: string, names: readonly string[]): string {
  const rest = names.length - listedFaults;
  return `${names.length} ${kind}: ${names.slice(0, listedFaults).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function shown(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}
