import {requestedSides, type RequestedSide} from '../../methods/contract/own-inputs.js';
import type {Outside, Teacher} from '../../methods/contract/outside.js';
import type {Part} from '../../methods/contract/parts.js';
import {loadClip, readClipConfig} from '../../model/checkpoint.js';
import type {Plan} from '../../recipe/plan.js';
import {exitCodes, UserError} from '../../support/errors.js';
import {sha256OfFile} from '../training/checkpoints.js';
import {openSideTable, type SideTable} from './side-table.js';

export type PlannedOutside = Plan['outside'];

/** A side file that is open, and where its entries go in a batch. */
export interface OpenedSide extends RequestedSide {
  readonly table: SideTable;
}

/** The parts of a run with what they read from outside. */
export interface OpenedOutside {
  readonly parts: readonly Part[];
  readonly sides: readonly OpenedSide[];
  close(): Promise<void>;
}

/**
 * Opens what a plan says the parts read. The caller closes it.
 * @param load how a teacher is read: whole, or its configuration alone
 * @throws UserError (data) when a file is not the one that the run was planned with
 */
export async function openOutside(
  parts: readonly Part[],
  planned: PlannedOutside,
  load: 'whole' | 'configuration' = 'whole',
): Promise<OpenedOutside> {
  const sides: OpenedSide[] = [];
  const close = async () => {
    await Promise.all(sides.map(({table}) => table.close()));
  };
  try {
    const opened: Part[] = [];
    for (const part of parts) {
      const {method, params} = part;
      const placed = (name: string) =>
        planned.find((one) => one.method === method.name && one.name === name)!;
      const own: OpenedSide[] = [];
      for (const side of requestedSides(part)) {
        const {path, fingerprint} = placed(side.name);
        if (load === 'whole') await checkUnchanged(path, fingerprint);
        own.push({...side, table: await openSideTable(path, side.array)});
        sides.push(own.at(-1)!);
      }
      const teachers: Record<string, Teacher> = {};
      for (const name of Object.keys(method.teachers?.(params) ?? {})) {
        teachers[name] = await teacherAt(placed(name).path, load);
      }
      const outside: Outside = {
        teachers,
        sides: Object.fromEntries(own.map(({name, table}) => [name, table.shape])),
      };
      opened.push({...part, outside});
    }
    return {parts: opened, sides, close};
  } catch (error) {
    await close();
    throw error;
  }
}

async function teacherAt(folder: string, load: 'whole' | 'configuration'): Promise<Teacher> {
  if (load === 'configuration') return {config: await readClipConfig(folder), arrays: {}};
  const {config, weights, state} = await loadClip(folder);
  return {config, arrays: {...weights, ...state}};
}

async function checkUnchanged(path: string, fingerprint: string): Promise<void> {
  if ((await sha256OfFile(path)) === fingerprint) return;
  throw new UserError(`${path}: expected the file that the run was planned with, got another`, {
    exit: exitCodes.data,
    tryThis: 'start a new run with --out',
  });
}
