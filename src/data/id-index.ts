/** Finds the row of an id with eight bytes a row, which a map of a million ids is far from. */
export interface IdIndex {
  /** The row that an id was added with before, or undefined when it is new and has now been added with `row`. */
  findOrAdd(id: string, row: number): number | undefined;
}

/** @param idOf the id of a row that was added: equal hashes are told apart by it */
export function idIndex(idOf: (row: number) => string): IdIndex {
  let slots = emptySlots(1024);
  let count = 0;
  const place = (table: Slots, hash: number, isIt: (row: number) => boolean): number => {
    const mask = table.rows.length - 1;
    let at = hash & mask;
    while (table.rows[at] !== 0 && !(table.hashes[at] === hash && isIt(table.rows[at]! - 1))) {
      at = (at + 1) & mask;
    }
    return at;
  };
  const grow = () => {
    const larger = emptySlots(2 * slots.rows.length);
    slots.rows.forEach((row, at) => {
      if (row === 0) return;
      const hash = slots.hashes[at]!;
      const free = place(larger, hash, () => false);
      larger.rows[free] = row;
      larger.hashes[free] = hash;
    });
    slots = larger;
  };
  return {
    findOrAdd(id, row) {
      const hash = hashOf(id);
      const at = place(slots, hash, (known) => idOf(known) === id);
      if (slots.rows[at] !== 0) return slots.rows[at]! - 1;
      slots.rows[at] = row + 1;
      slots.hashes[at] = hash;
      if (2 * ++count > slots.rows.length) grow();
      return undefined;
    },
  };
}

interface Slots {
  /** Row numbers plus one; 0 where nothing is. */
  readonly rows: Uint32Array;
  readonly hashes: Uint32Array;
}

function emptySlots(length: number): Slots {
  return {rows: new Uint32Array(length), hashes: new Uint32Array(length)};
}

/** FNV-1a over UTF-16 units, with a last mixing since the low bits choose the place. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 0;
}
