/** Encoded images that sharp decodes on every machine. */
export const imageExtensions = ['jpg', 'jpeg', 'jfif', 'png', 'webp', 'gif', 'tif', 'tiff', 'avif'] as const;

/** Matches the paths of images. */
export const imageExtension = new RegExp(`\\.(${imageExtensions.join('|')})$`, 'i');

/** Where images may lie below the root of a set; not part of their ids. */
export const imageFolder = 'images/';

const textExtensions = ['txt', 'json', 'cls'];

/** Files whose paths differ in the extension alone. */
export interface StemGroup {
  readonly images: readonly string[];
  /** Texts about the images, by extension in small letters. */
  readonly texts: ReadonlyMap<string, string>;
  readonly others: number;
}

interface OpenGroup {
  readonly stem: string;
  readonly images: string[];
  readonly texts: Map<string, string>;
  others: number;
}

/**
 * Puts files of one stem together, in one pass over paths in code-point order. Files of other stems may lie between
 * (`a.b.jpg` and `a.jpg` before `a.txt`), but only such as begin with the stem.
 */
export function* stemGroups(sorted: Iterable<string>): Generator<StemGroup> {
  let open: OpenGroup[] = [];
  for (const path of sorted) {
    if (open.length > 0 && !open.every(({stem}) => path.startsWith(`${stem}.`))) {
      yield* open.filter(({stem}) => !path.startsWith(`${stem}.`));
      open = open.filter(({stem}) => path.startsWith(`${stem}.`));
    }
    const [stem, extension] = stemOf(path);
    let group = open.find((candidate) => candidate.stem === stem);
    if (group === undefined) {
      group = {stem, images: [], texts: new Map(), others: 0};
      open.push(group);
    }
    if (imageExtension.test(path)) group.images.push(path);
    else if (textExtensions.includes(extension) && !group.texts.has(extension))
      group.texts.set(extension, path);
    else group.others++;
  }
  yield* open;
}

/** `images/a.b` and `jpg` for `images/a.b.jpg`. */
function stemOf(path: string): readonly [stem: string, extension: string] {
  const dot = path.lastIndexOf('.');
  if (dot <= path.lastIndexOf('/')) return [path, ''];
  return [path.slice(0, dot), path.slice(dot + 1).toLowerCase()];
}
