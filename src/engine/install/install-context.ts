import type {EnginePlaces} from './engine-places.js';
import type {OnInstallEvent} from './install-event.js';

/** What every step of an installation is given. */
export interface InstallContext {
  readonly places: EnginePlaces;
  /** Of the programs that are run; its PATH finds them. */
  readonly environment: NodeJS.ProcessEnv;
  /** Aborted with the reason `SIGTERM` or `SIGINT`. */
  readonly signal: AbortSignal;
  readonly onEvent: OnInstallEvent;
  /** Free bytes of the file system of a folder. */
  readonly freeBytes: (folder: string) => Promise<number>;
}
