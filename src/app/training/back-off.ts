import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {z} from 'zod';
import type {Plan} from '../../recipe/plan.js';
import {writeJsonAtomically} from '../../support/atomic-file.js';
import {exitCodes, UserError} from '../../support/errors.js';

/** How often a run that ran out of memory is tried again with smaller micro-batches. */
const maxBackOffs = 3;

/** Each time the towers take this part of the rows they took before. */
const reduction = 4;

const backOffSchema = z.strictObject({
  /** Rows that the towers take at a time, instead of the plan's. */
  microBatch: z.int().min(1),
  /** How often the run has backed off. */
  count: z.int().min(1),
});

/** What a run does otherwise than planned, because memory ran out. Kept in its folder: a resumed run does the same. */
export type BackOff = z.output<typeof backOffSchema>;

/**
 * What to try after running out of memory: the same batch, computed in smaller parts. Undefined when the towers cannot
 * take fewer rows, or after three times.
 * @param isResNet its images are always taken whole
 */
export function nextBackOff(
  {train}: Pick<Plan, 'train'>,
  isResNet: boolean,
  before: BackOff | undefined,
): BackOff | undefined {
  const rows = before?.microBatch ?? train.microBatch ?? Math.max(train.batch, train.unpairedBatch);
  const count = (before?.count ?? 0) + 1;
  if (isResNet || rows === 1 || count > maxBackOffs) return undefined;
  return {microBatch: Math.ceil(rows / reduction), count};
}

/**
 * What is kept in a file.
 * @throws UserError with exit code `data` when it cannot be read
 */
export async function readBackOff(file: string): Promise<BackOff | undefined> {
  if (!existsSync(file)) return undefined;
  try {
    return backOffSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new UserError(
      `${file}: expected what a run does after running out of memory, got another content`,
      {
        exit: exitCodes.data,
        tryThis: `rm ${file}`,
        cause: error,
      },
    );
  }
}

export async function writeBackOff(file: string, backOff: BackOff): Promise<void> {
  await writeJsonAtomically(file, backOff);
}
