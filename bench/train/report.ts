import type {ClipConfig} from '../../src/model/clip-config.js';
import {bestOf, ratios, spread, spreadText, type Spread} from '../support/spread.js';
import {textTable} from '../support/text-table.js';
import {referenceName, type Device, type Precision} from './contenders.js';
import {trainingFlops} from './flops.js';
import type {TrainedContender} from './heat.js';
import type {BenchMethod, TextRows, TrainCase} from './problem.js';

/** One contender in figures; ratios are taken round by round. */
export interface ContenderFigures {
  readonly name: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly pairsPerSecond: Spread;
  /** To PyTorch eager in fp32. */
  readonly toReference: Spread | null;
  /** Ours: to the fastest PyTorch of the same precision. */
  readonly toBestPeer: Spread | null;
  readonly gflops: Spread;
  readonly readySeconds: number;
  readonly firstStepSeconds: number;
  readonly peakBytes: number | null;
  readonly stepPeakBytes: number | null;
  /** Of the peak, to PyTorch eager in fp32. */
  readonly peakToReference: number | null;
  readonly matmulGflops: Spread | null;
}

/** One table of the bench. */
export interface TrainFigures extends TrainCase {
  readonly precision: Precision;
  readonly device: Device;
  readonly contenders: readonly ContenderFigures[];
}

/** What a heat was run on. */
export interface HeatSubject extends TrainCase {
  readonly precision: Precision;
  readonly device: Device;
  readonly config: ClipConfig;
  readonly texts: readonly TextRows[];
}

/** Puts the measurements of a heat into figures. */
export function figuresOf(subject: HeatSubject, contenders: readonly TrainedContender[]): TrainFigures {
  const {model, method, batch, precision, device} = subject;
  const reference = contenders.find(({contender}) => contender.name === referenceName);
  const peers = contenders.filter(
    ({contender}) => contender.side === 'torch' && contender.precision === precision,
  );
  const best = peers.length === 0 ? undefined : bestOf(peers.map(({stepsPerSecond}) => stepsPerSecond));
  const ratio = (rates: readonly number[], to: readonly number[] | undefined) =>
    to === undefined ? null : spread(ratios(rates, to));
  const figures = contenders.map((trained): ContenderFigures => {
    const {contender, stepsPerSecond, peakBytes, stepPeakBytes, matmulGflops} = trained;
    const flops = trainingFlops(subject.config, stepSize(subject, contender.trimmed));
    return {
      name: contender.name,
      versions: trained.versions,
      pairsPerSecond: spread(stepsPerSecond.map((rate) => rate * batch)),
      toReference: ratio(stepsPerSecond, reference?.stepsPerSecond),
      toBestPeer: contender.side === 'ours' ? ratio(stepsPerSecond, best) : null,
      gflops: spread(stepsPerSecond.map((rate) => (rate * flops) / 1e9)),
      readySeconds: trained.readySeconds,
      firstStepSeconds: trained.firstStepSeconds,
      peakBytes: peakBytes ?? null,
      stepPeakBytes: stepPeakBytes ?? null,
      peakToReference: peakBytes && reference?.peakBytes ? peakBytes / reference.peakBytes : null,
      matmulGflops: matmulGflops.length === 0 ? null : spread(matmulGflops),
    };
  });
  return {model, method, batch, precision, device, contenders: figures};
}

function stepSize({batch, method, texts}: HeatSubject, trimmed: boolean) {
  const rows = texts.map(({rows, full, longest}) => ({rows, length: trimmed ? longest : full}));
  return {images: imagesOf(method, batch), texts: rows};
}

/** S-CLIP takes as many uncaptioned images as pairs. */
function imagesOf(method: BenchMethod, batch: number): number {
  return method === 's-clip' ? 2 * batch : batch;
}

const header = [
  'contender',
  'pairs/s',
  'to torch',
  'to best torch',
  'GFLOP/s',
  'peak MiB',
  'in steps',
  'to torch',
  'ready s',
  'first step s',
];

/** The figures of a heat for a terminal. */
export function figuresText({model, method, batch, precision, device, contenders}: TrainFigures): string {
  const rows = contenders.map((one) => [
    one.name,
    spreadText(one.pairsPerSecond, one.pairsPerSecond.median < 10 ? 2 : 1),
    one.toReference === null ? '-' : spreadText(one.toReference, 2),
    one.toBestPeer === null ? '-' : spreadText(one.toBestPeer, 2),
    spreadText(one.gflops, 0),
    mebibytes(one.peakBytes),
    mebibytes(one.stepPeakBytes),
    one.peakToReference === null ? '-' : one.peakToReference.toFixed(2),
    one.readySeconds.toFixed(1),
    one.firstStepSeconds.toFixed(1),
  ]);
  const peaks = contenders.flatMap(({name, matmulGflops}) =>
    matmulGflops === null ? [] : [`${name} ${spreadText(matmulGflops, 0)}`],
  );
  return (
    `${model}, ${method}, batch ${batch}, ${precision}, ${device}\n\n${textTable(header, rows)}\n` +
    `GFLOP/s of a product of 2048 x 2048 matrices: ${peaks.join(', ')}\n`
  );
}

function mebibytes(bytes: number | null): string {
  return bytes === null ? '-' : (bytes / 2 ** 20).toFixed(0);
}
