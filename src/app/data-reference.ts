/** A set, and the split of it that is meant; undefined: the one that suits what it is opened for. */
export interface DataReference {
  readonly path: string;
  readonly split: string | undefined;
}

/** `PATH#split` -> path and split; a split that is given beside it comes first. */
export function dataReference(reference: string, split?: string): DataReference {
  const [, path = reference, named] = /^(.*)#([^#/\\]+)$/.exec(reference) ?? [];
  return {path, split: split ?? named};
}
