import type {EvaluationEvent, Phase, RunEvent} from '../app/events.js';

/** What the view of a run draws. */
export interface RunState {
  readonly run: string;
  readonly folder: string;
  readonly method: string;
  readonly phase: Phase | 'start' | 'done' | 'stopped';
  /** Work done within the present phase, when it can be counted. */
  readonly progress: {readonly done: number; readonly total: number} | undefined;
  readonly step: (RunEvent & {type: 'step'}) | undefined;
  /** Losses so far, thinned to at most `lossPoints`. */
  readonly losses: readonly number[];
  readonly evaluations: readonly Pick<EvaluationEvent, 'moment' | 'metrics'>[];
  readonly checkpoint: string | undefined;
  readonly notices: readonly string[];
  readonly ending: string | undefined;
}

export const initialRunState: RunState = {
  run: '',
  folder: '',
  method: '',
  phase: 'start',
  progress: undefined,
  step: undefined,
  losses: [],
  evaluations: [],
  checkpoint: undefined,
  notices: [],
  ending: undefined,
};

const lossPoints = 1000;

/** The state after an event: a pure reducer. */
export function afterEvent(state: RunState, event: RunEvent): RunState {
  switch (event.type) {
    case 'start':
      return {...state, run: event.run, folder: event.folder, method: event.method};
    case 'phase':
      return {...state, phase: event.phase, progress: undefined};
    case 'progress':
      return {...state, phase: event.phase, progress: {done: event.done, total: event.total}};
    case 'step':
      return {
        ...state,
        step: event,
        progress: {done: event.step, total: event.steps},
        losses: thinned([...state.losses, event.loss]),
      };
    case 'evaluation':
      return {...state, evaluations: afterEvaluation(state.evaluations, event)};
    case 'checkpoint':
      return {...state, checkpoint: event.path};
    case 'notice':
      return {...state, notices: [...state.notices, event.message]};
    case 'done':
      return {
        ...state,
        phase: 'done',
        progress: undefined,
        ending: `done in ${event.seconds.toFixed(1)} s: model in ${event.model}`,
      };
    case 'stopped':
      return {
        ...state,
        phase: 'stopped',
        progress: undefined,
        ending: `stopped by ${event.signal} after step ${event.step}; --resume goes on from there`,
      };
    case 'error':
      return state;
  }
}

/** The evaluations side by side; of those during training the last alone, so that they stay few. */
function afterEvaluation(
  shown: RunState['evaluations'],
  {moment, metrics}: EvaluationEvent,
): RunState['evaluations'] {
  return [...shown.filter((earlier) => earlier.moment !== 'during'), {moment, metrics}];
}

/** Every second point once there are too many: the curve keeps its shape. */
function thinned(losses: readonly number[]): readonly number[] {
  return losses.length <= lossPoints ? losses : losses.filter((_, i) => i % 2 === 1);
}
