/**
 * What a run reports, one JSON object a line in `events.ndjson` and in `--format json`. The version is in the
 * first event; fields are only ever added within a version.
 */
export const eventVersion = 1;

export type Phase =
  | 'prepare'
  | 'match'
  | 'evaluate-before'
  | 'train'
  | 'evaluate-during'
  | 'select'
  | 'solve'
  | 'save'
  | 'evaluate-after';

/** Metric name (`zeroshot.ucm.acc1`, `retrieval.image_to_text.R@1`, ...) -> value as a fraction, with a 95 % interval. */
export type Metrics = Readonly<
  Record<string, {readonly value: number; readonly ci95?: readonly [number, number]}>
>;

export interface StartEvent {
  readonly type: 'start';
  readonly version: typeof eventVersion;
  readonly run: string;
  readonly folder: string;
  readonly method: string;
  readonly steps: number;
}
export interface PhaseEvent {
  readonly type: 'phase';
  readonly phase: Phase;
}
export interface ProgressEvent {
  readonly type: 'progress';
  readonly phase: Phase;
  readonly done: number;
  readonly total: number;
}
export interface StepEvent {
  readonly type: 'step';
  /** Counted from 1. */
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly loss: number;
  readonly terms: Readonly<Record<string, number>>;
  /** What methods report beside their terms; left out where they report nothing. */
  readonly logged?: Readonly<Record<string, number>>;
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** exp(tau). */
  readonly logitScale: number;
  /** The whole time since the step before was done; the first also has the wait for its batch. */
  readonly stepMs: number;
  /** Part of `stepMs` in the engine. */
  readonly graphMs: number;
  /** Part of `stepMs` spent waiting for data and asking for more. The rest of `stepMs` is events and checkpoints. */
  readonly dataWaitMs: number;
  /** `dataWaitMs` / `stepMs`, 0 to 1. */
  readonly dataWaitShare: number;
  /** Only in the first step of a process: `graphMs`, since the engine then records the step before it runs it. */
  readonly setupMs?: number;
  /** Captioned images by `stepMs`. */
  readonly pairsPerSecond: number;
  readonly secondsLeft: number;
  readonly rssBytes: number;
}
export interface EvaluationEvent {
  readonly type: 'evaluation';
  readonly moment: 'before' | 'during' | 'after';
  /** Steps done. */
  readonly step: number;
  readonly metrics: Metrics;
}
export interface CheckpointEvent {
  readonly type: 'checkpoint';
  readonly step: number;
  readonly path: string;
}
export interface NoticeEvent {
  readonly type: 'notice';
  readonly message: string;
}
export interface DoneEvent {
  readonly type: 'done';
  readonly model: string;
  readonly result: string;
  readonly seconds: number;
  readonly before: Metrics;
  readonly after: Metrics;
}
export interface StoppedEvent {
  readonly type: 'stopped';
  readonly step: number;
  readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP';
}
export interface ErrorEvent {
  readonly type: 'error';
  readonly message: string;
  readonly exit: number;
  readonly tryThis?: string;
}

export type RunEvent =
  | StartEvent
  | PhaseEvent
  | ProgressEvent
  | StepEvent
  | EvaluationEvent
  | CheckpointEvent
  | NoticeEvent
  | DoneEvent
  | StoppedEvent
  | ErrorEvent;
