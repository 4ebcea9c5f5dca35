import type {RowToWrite} from './set-writer.js';

/**
 * The texts that say of an image what the row says: `.txt` with one caption a line where that is all there is to say, else
 * `.json`.
 */
export function sidecarsOf(
  row: RowToWrite,
  {saysSplit}: {readonly saysSplit: boolean},
): readonly (readonly [extension: string, content: string])[] {
  const {captions, label, fields, split} = row;
  const told = {
    ...(saysSplit && split !== null && {split}),
    ...(label !== null && {class: label}),
    ...fields,
  };
  const areLines = captions.every((caption) => !/[\r\n]/.test(caption));
  if (!areLines) return [['json', json({captions, ...told})]];
  return [
    ...(captions.length > 0 ? [['txt', `${captions.join('\n')}\n`] as const] : []),
    ...(Object.keys(told).length > 0 ? [['json', json(told)] as const] : []),
  ];
}

function json(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

/** `a` for `a.jpg`. */
export function stemOf({name}: Pick<RowToWrite, 'name'>): string {
  return name.slice(0, name.lastIndexOf('.'));
}
