import {render} from 'ink';
import type {RunEvent} from '../app/events.js';
import {RunView} from './run-view.js';
import {afterEvent, initialRunState} from './run-state.js';

/** A live view on this terminal: give it the events, then end it. The last frame stays. */
export function showRun(): {event(event: RunEvent): void; end(): void} {
  let state = initialRunState;
  const view = render(<RunView state={state} />, {exitOnCtrlC: false});
  return {
    event(event) {
      state = afterEvent(state, event);
      view.rerender(<RunView state={state} />);
    },
    end: () => view.unmount(),
  };
}
