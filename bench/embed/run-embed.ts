import {fileURLToPath} from 'node:url';
import {exitCodes, UserError} from '../../src/support/errors.js';
import {startContender, type Contender, type ContenderCommand} from '../support/contender.js';
import {interleaved} from '../support/rounds.js';
import type {Material} from './material.js';

/** Worker processes of PyTorch's DataLoader that are tried; the best of them counts. */
const workerCounts = [0, 1, 2];

export const oursName = 'ours';

export interface EmbedOptions {
  readonly model: string;
  readonly material: Material;
  readonly python: string;
  readonly threads: number;
  readonly rounds: number;
  readonly onProgress: (message: string) => void;
}

/** Images and texts a second of one contender, by round. */
export interface EmbedRates {
  readonly name: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly images: readonly number[];
  readonly texts: readonly number[];
}

interface Features {
  readonly images: readonly number[];
  readonly texts: readonly number[];
}

interface Timed {
  readonly count: number;
  readonly seconds: number;
}

/**
 * Lets our embedding and PyTorch's take turns on the same files.
 * @throws UserError when their features differ
 */
export async function runEmbed(options: EmbedOptions): Promise<EmbedRates[]> {
  const contenders: Contender[] = [];
  try {
    for (const command of commands(options)) contenders.push(await startContender(command));
    await checkFeatures(contenders);
    for (const contender of contenders) {
      options.onProgress(`${contender.name}: warming up`);
      await turn(contender);
    }
    const rates = await interleaved(contenders.length, options.rounds, (index, round) => {
      options.onProgress(`round ${round + 1} of ${options.rounds}: ${contenders[index]!.name}`);
      return turn(contenders[index]!);
    });
    return contenders.map(({name, ready: {versions}}, i) => ({
      name,
      versions,
      images: rates[i]!.map(({images}) => images),
      texts: rates[i]!.map(({texts}) => texts),
    }));
  } finally {
    await Promise.all(contenders.map((contender) => contender.end()));
  }
}

async function turn(contender: Contender): Promise<{readonly images: number; readonly texts: number}> {
  const rate = ({count, seconds}: Timed) => count / seconds;
  const images = rate(await contender.ask<Timed>({do: 'images'}));
  return {images, texts: rate(await contender.ask<Timed>({do: 'texts'}))};
}

function commands({model, material, python, threads}: EmbedOptions): ContenderCommand[] {
  const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const paths = {model, images: material.images, texts: material.texts};
  const ours = ['--import', import.meta.resolve('tsx'), file('./ours.ts'), JSON.stringify(paths)];
  const peers = workerCounts.map((workers) => ({
    name: `torch, ${workers} workers`,
    program: python,
    args: [file('../peer/embed.py'), JSON.stringify({...paths, workers, threads})],
    env: {OMP_NUM_THREADS: String(threads)},
  }));
  return [{name: oursName, program: process.execPath, args: ours}, ...peers];
}

const compared = 32;

/** JPEG decoders differ by a level here and there; unit rows that differ by no more point the same way. */
const mostApart = 2e-3;

async function checkFeatures(contenders: readonly Contender[]): Promise<void> {
  const [ours, ...peers] = await Promise.all(
    contenders.map((contender) => contender.ask<Features>({do: 'features', count: compared})),
  );
  peers.forEach((peer, i) => {
    for (const kind of ['images', 'texts'] as const) {
      const apart = largestDifference(ours![kind], peer[kind]);
      if (apart <= mostApart) continue;
      throw new UserError(
        `${contenders[i + 1]!.name}: expected features of ${kind} within ${mostApart} of ours, got ${apart}`,
        {exit: exitCodes.numerical},
      );
    }
  });
}

/** Infinite when the lengths differ. */
export function largestDifference(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Infinity;
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
