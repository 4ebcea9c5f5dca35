import {UserError, exitCodes} from '../../support/errors.js';
import {compareCodePoints} from '../code-point-order.js';
import {largestFileBytes, readFilePart, type FilePart} from '../file-part.js';
import {defineStore, type FileStore} from '../file-store.js';
import {imageFolder} from '../image-tree.js';
import {isClutter} from '../inside-path.js';
import {isSplitName} from '../splits.js';
import {indexTar, type TarIndex} from '../tar-index.js';

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
  const part = (path: string): FilePart | undefined => {
    const entry = entries.get(top + path);
    return entry !== undefined && entry.bytes <= largestFileBytes ? {path: archive, entry} : undefined;
  };
  return {
    table: null,
    ...(ignored > 0 && {
      caveat: `pack without links: the archive holds ${ignored}, and links are not followed`,
    }),
    place,
    part,
    list: () => Promise.resolve(names.map((name) => name.slice(top.length))),
    size: (path) => Promise.resolve(entries.get(top + path)?.bytes),
    read: async (path) => {
      const found = part(path);
      if (found !== undefined) return readFilePart(found);
      const entry = entries.get(top + path);
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
