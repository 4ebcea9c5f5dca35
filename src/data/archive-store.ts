import type {FileStore} from './file-store.js';
import {imageFolder} from './stem-groups.js';
import {findSorted} from './sorting-spool.js';
import {isSplitName} from './splits.js';
import {lazyMap} from './lazy-array.js';
import type {ArchiveIndex, ArchiveMember} from './tar-index.js';

const pathOf = (member: ArchiveMember) => member.path;

/** The files of an archive, without the one folder that may hold everything. */
export function archiveStore(archive: string, {members, ignored}: ArchiveIndex): FileStore {
  const top = onlyTopFolder(members);
  return {
    table: null,
    ...(ignored > 0 && {
      caveat: `pack without links: the archive holds ${ignored}, and links are not followed`,
    }),
    place: (path) => `${archive}: ${top}${path}`,
    list: () => Promise.resolve(lazyMap(members, ({path}) => path.slice(top.length))),
    find: (path) => {
      const found = findSorted(members, top + path, pathOf);
      if (found === undefined) return Promise.resolve(undefined);
      const {path: _path, ...entry} = found;
      return Promise.resolve({bytes: entry.bytes, part: {path: archive, entry}});
    },
  };
}

/** `ucm/` when every file lies below that folder; a lone `images/` or `train/` belongs to the set itself. */
function onlyTopFolder(members: readonly ArchiveMember[]): string {
  const top = /^[^/]+\//.exec(members[0]?.path ?? '')?.[0];
  if (top === undefined || top === imageFolder || isSplitName(top.slice(0, -1))) return '';
  // sorted: what the first and the last file have in common all have
  return members.at(-1)!.path.startsWith(top) ? top : '';
}
