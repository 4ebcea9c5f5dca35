import {Box, Text} from 'ink';
import {EvaluationTable} from './evaluation-table.js';
import {clockTime, memorySize, percent} from './format-number.js';
import {ProgressBar} from './progress-bar.js';
import type {RunState} from './run-state.js';
import {sparkline} from './sparkline.js';

interface Props {
  readonly state: RunState;
}

const phaseNames: Readonly<Record<RunState['phase'], string>> = {
  start: 'starting',
  prepare: 'preparing',
  match: 'matching images',
  'evaluate-before': 'measuring before',
  train: 'training',
  select: 'choosing weights',
  solve: 'solving',
  save: 'saving',
  'evaluate-during': 'measuring',
  'evaluate-after': 'measuring after',
  done: 'done',
  stopped: 'stopped',
};

/** Below this share of a step nobody need care about the wait for data. */
const noteworthyWait = 0.05;

/** A run on the screen: phase and rate, losses by term, the numbers to watch, what was measured. */
export function RunView({state}: Props) {
  return (
    <Box flexDirection="column">
      <Text>
        <Text bold>{state.method || 'fewclip'}</Text>
        <Text dimColor>{`  run ${state.run}  ${state.folder}`}</Text>
      </Text>
      {state.notices.map((notice) => (
        <Text key={notice} color="yellow">
          {notice}
        </Text>
      ))}
      <PhaseLine state={state} />
      {state.step && <StepLines step={state.step} losses={state.losses} />}
      <EvaluationTable evaluations={state.evaluations} />
      {state.checkpoint && <Text dimColor>{`checkpoint ${state.checkpoint}`}</Text>}
      {state.ending && <Text bold>{state.ending}</Text>}
    </Box>
  );
}

function PhaseLine({state: {phase, progress, step}}: Props) {
  const rate = phase === 'train' && step !== undefined ? step : undefined;
  return (
    <Box gap={2}>
      <Text color="cyan">{phaseNames[phase]}</Text>
      {progress && <ProgressBar {...progress} width={24} />}
      {progress && <Text>{`${progress.done}/${progress.total}`}</Text>}
      {rate && <Text>{`${rate.pairsPerSecond.toFixed(1)} pairs/s`}</Text>}
      {rate && <Text>{`${clockTime(rate.secondsLeft)} left`}</Text>}
    </Box>
  );
}

function StepLines({
  step,
  losses,
}: {
  readonly step: NonNullable<RunState['step']>;
  readonly losses: readonly number[];
}) {
  const terms = Object.entries(step.terms).map(([name, value]) => `${name} ${value.toFixed(4)}`);
  return (
    <>
      <Text>
        {`loss ${step.loss.toFixed(4)} `}
        <Text color="green">{sparkline(losses, 24)}</Text>
        {`  ${terms.join('  ')}`}
      </Text>
      <Text dimColor>
        {[
          `epoch ${step.epoch}`,
          `rate ${step.learningRate.toExponential(2)}`,
          `scale ${step.logitScale.toFixed(1)}`,
          `gradient ${step.gradientNorm.toFixed(2)}`,
          `memory ${memorySize(step.rssBytes)}`,
          ...(step.dataWaitShare > noteworthyWait
            ? [`waiting for data ${percent(step.dataWaitShare)} %`]
            : []),
        ].join('  ')}
      </Text>
    </>
  );
}
