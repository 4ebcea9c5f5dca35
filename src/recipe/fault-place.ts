/** Where something was written: a name for all of it, or a function from a path inside it to `file:line:column`. */
export type Where = string | ((path: readonly PropertyKey[]) => string);

/** The place of an entry, as messages begin. */
export function placeIn(where: Where, path: readonly PropertyKey[]): string {
  return typeof where === 'string' ? where : where(path);
}
