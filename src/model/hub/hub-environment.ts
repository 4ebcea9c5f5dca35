import {readFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import {join} from 'node:path';

/** Where the hub is and where its files are kept, by the variables that all tools of Hugging Face know. */
export interface HubEnvironment {
  /** Address without a slash at its end: `HF_ENDPOINT`, else the public hub. */
  readonly endpoint: string;
  /** `HF_HUB_CACHE`, else `hub` in `HF_HOME`. */
  readonly cacheFolder: string;
  /** `HF_HUB_OFFLINE`: never touch the network. */
  readonly isOffline: boolean;
  /** `HF_TOKEN`, else the file that `hf auth login` writes. */
  readonly token: () => Promise<string | undefined>;
}

export const publicHub = 'https://huggingface.co';

/** Reads the environment. An empty variable counts as unset. */
export function hubEnvironment(variables: NodeJS.ProcessEnv = process.env): HubEnvironment {
  const value = (...names: string[]) => names.map((name) => variables[name]).find((text) => text);
  const xdgCache = value('XDG_CACHE_HOME') ?? join(homedir(), '.cache');
  const home = withHome(value('HF_HOME') ?? join(xdgCache, 'huggingface'));
  return {
    endpoint: (value('HF_ENDPOINT') ?? publicHub).replace(/\/+$/, ''),
    cacheFolder: withHome(value('HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE') ?? join(home, 'hub')),
    isOffline: /^(1|on|yes|true)$/i.test(value('HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE') ?? ''),
    token: async () =>
      value('HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN')?.trim() ??
      readToken(withHome(value('HF_TOKEN_PATH') ?? join(home, 'token'))),
  };
}

async function readToken(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trim() || undefined;
}

/** A leading `~` is the home folder, as in Python's tools. */
function withHome(path: string): string {
  return path.replace(/^~(?=\/|$)/, homedir());
}
