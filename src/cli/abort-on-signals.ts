/** An abort signal that Ctrl-C and SIGTERM pull; its reason is the name of the signal. */
export interface SignalAbort {
  readonly signal: AbortSignal;
  /** Takes the listeners away. */
  release(): void;
}

/** Lets a command stop in good order: the second Ctrl-C ends the process as usual. */
export function abortOnSignals(): SignalAbort {
  const controller = new AbortController();
  const interrupt = () => controller.abort('SIGINT');
  const terminate = () => controller.abort('SIGTERM');
  process.once('SIGINT', interrupt).once('SIGTERM', terminate);
  return {
    signal: controller.signal,
    release: () => void process.off('SIGINT', interrupt).off('SIGTERM', terminate),
  };
}
