import {Box, Text} from 'ink';
import {percent} from './format-number.js';
import type {RunState} from './run-state.js';

interface Props {
  readonly evaluations: RunState['evaluations'];
}

/** One row a metric, one column an evaluation, in percent with 95 % intervals. */
export function EvaluationTable({evaluations}: Props) {
  const names = [...new Set(evaluations.flatMap(({metrics}) => Object.keys(metrics)))];
  if (names.length === 0) return null;
  const widest = Math.max(...names.map((name) => name.length));
  return (
    <Box flexDirection="column">
      <Row name="" width={widest} cells={evaluations.map(({moment}) => moment)} />
      {names.map((name) => (
        <Row
          key={name}
          name={name}
          width={widest}
          cells={evaluations.map(({metrics}) => cell(metrics[name]))}
        />
      ))}
    </Box>
  );
}

function Row({
  name,
  width,
  cells,
}: {
  readonly name: string;
  readonly width: number;
  readonly cells: readonly string[];
}) {
  return (
    <Text>
      {name.padEnd(width)}
      {cells.map((text) => `  ${text.padStart(20)}`).join('')}
    </Text>
  );
}

function cell(metric: RunState['evaluations'][number]['metrics'][string] | undefined): string {
  if (metric === undefined) return '-';
  const {value, ci95} = metric;
  return ci95 ? `${percent(value)} [${percent(ci95[0])}, ${percent(ci95[1])}]` : percent(value);
}
