import type {StartedRun} from '../app/adapt.js';

/**
 * Ctrl-C once: checkpoint and stop; twice: stop now. SIGTERM likewise once. A terminal that goes away does not
 * end the run.
 * @returns takes the listeners away again
 */
export function passStopSignals(
  run: Pick<StartedRun, 'stop' | 'kill'>,
  note: (message: string) => void,
): () => void {
  let asked = false;
  const interrupt = () => {
    if (asked) run.kill();
    else {
      note('stopping after this step, with a checkpoint; press Ctrl-C again to stop at once');
      run.stop('SIGINT');
    }
    asked = true;
  };
  const terminate = () => run.stop('SIGTERM');
  const ignore = () => {};
  process.on('SIGINT', interrupt).on('SIGTERM', terminate).on('SIGHUP', ignore);
  return () => process.off('SIGINT', interrupt).off('SIGTERM', terminate).off('SIGHUP', ignore);
}
