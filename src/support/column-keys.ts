/** Columns that the user names, where a table calls them otherwise. */
export interface ColumnKeys {
  readonly image?: string | undefined;
  readonly caption?: string | undefined;
}

const keyed = /^(?<path>.+)\?(?<keys>(?:(?:img|caption)-key=[^&]*)(?:&(?:img|caption)-key=[^&]*)*)$/s;

/** `photos.csv?img-key=url&caption-key=alt` -> the path and the columns; any other path names no columns. */
export function splitKeys(written: string): {readonly path: string; readonly keys: ColumnKeys} {
  const {path, keys} = keyed.exec(written)?.groups ?? {};
  if (path === undefined || keys === undefined) return {path: written, keys: {}};
  const named = new URLSearchParams(keys);
  return {
    path,
    keys: {image: named.get('img-key') ?? undefined, caption: named.get('caption-key') ?? undefined},
  };
}

/** A path, or `PATH#split`, with the columns written behind the path, for {@link splitKeys} to read. */
export function withKeys(reference: string, {image, caption}: ColumnKeys): string {
  const keys = [
    ...(image === undefined ? [] : [`img-key=${encodeURIComponent(image)}`]),
    ...(caption === undefined ? [] : [`caption-key=${encodeURIComponent(caption)}`]),
  ];
  if (keys.length === 0) return reference;
  const [, path = reference, split = ''] = /^(.*?)(#[^#/\\]+)?$/s.exec(reference) ?? [];
  return `${path}?${keys.join('&')}${split}`;
}
