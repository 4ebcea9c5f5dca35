import {UserError, exitCodes} from '../../support/errors.js';
import {compareCodePoints} from '../code-point-order.js';
import {defineStore, largestFileBytes, type FileStore} from '../file-store.js';
import {imageFolder} from '../image-tree.js';
import {isClutter} from '../inside-path.js';
import {isSplitName} from '../splits.js';
import {indexTar, readTarEntry, type TarIndex} from '../tar-index.js';

export default defineStore({
  name: 'tar',
  accepts: 'a .tar archive',
  matches: (path, stats) => stats.isFile() && /\.(tar|tgz|tar\.\w+)$/i.test(path),
  open: async (path) => tarStore(path, await indexTar(path)),
});

/** The files of an archive, without the one folder that may hold everything. */
function tarStore(archive: string, {entries, ignored}: TarIndex): FileStore {
  const names = [...entries.keys()].filter((name) => !isClutter(name)).sort(compareCodePoints);
  const top = onlyTopFolder(names);
  const place = (path: string) => `${archive}: ${top}${path}`;
  return {
    table: null,
    ...(ignored > 0 && {
      caveat: `pack without links: the archive holds ${ignored}, and links are not followed`,
    }),
    place,
    list: () => Promise.resolve(names.map((name) => name.slice(top.length))),
    size: (path) => Promise.resolve(entries.get(top + path)?.bytes),
    read: async (path) => {
      const entry = entries.get(top + path);
      if (entry !== undefined && entry.bytes <= largestFileBytes) return readTarEntry(archive, entry);
      const got = entry === undefined ? 'none' : `${entry.bytes} bytes`;
      throw new UserError(
        `${place(path)}: expected a file of at most ${largestFileBytes} bytes, got ${got}`,
        {
          exit: exitCodes.data,
        },
      );
    },
  };
}

/** `ucm/` when every file lies below that folder; a lone `images/` or `train/` belongs to the set itself. */
function onlyTopFolder(names: readonly string[]): string {
  const top = /^[^/]+\//.exec(names[0] ?? '')?.[0];
  if (top === undefined || top === imageFolder || isSplitName(top.slice(0, -1))) return '';
  return names.every((name) => name.startsWith(top)) ? top : '';
}
