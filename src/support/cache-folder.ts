import {homedir} from 'node:os';
import {join} from 'node:path';

/** The user cache: `FEWCLIP_CACHE`, else `$XDG_CACHE_HOME/fewclip`, else `~/.cache/fewclip`. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment['FEWCLIP_CACHE'];
  if (own) return own;
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'fewclip');
}
