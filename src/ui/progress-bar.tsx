import {Text} from 'ink';

interface Props {
  readonly done: number;
  readonly total: number;
  /** Columns. */
  readonly width: number;
}

/** A bar of blocks, full when `done` reaches `total`. */
export function ProgressBar({done, total, width}: Props) {
  const filled = total === 0 ? width : Math.min(width, Math.floor((width * done) / total));
  return (
    <Text>
      <Text color="green">{'█'.repeat(filled)}</Text>
      <Text dimColor>{'░'.repeat(width - filled)}</Text>
    </Text>
  );
}
