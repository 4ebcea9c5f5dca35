/** Where results go. `human` and `plain` differ only in how long work is shown: a live view or plain lines. */
export type OutputMode = 'human' | 'plain' | 'json' | 'quiet';

export const outputFormats = ['auto', 'human', 'plain', 'json', 'quiet'] as const;

/** `auto` is human on a terminal, plain elsewhere. */
export function outputMode(format: (typeof outputFormats)[number], isTerminal: boolean): OutputMode {
  if (format !== 'auto') return format;
  return isTerminal ? 'human' : 'plain';
}
