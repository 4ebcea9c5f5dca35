import type {Fields} from './layout.js';

/** Columns that may hold the class of an image; the first that is there counts. */
export const classColumns = ['class', 'label'] as const;

/** The class that a row names, as it is written, or null. */
export function classOf(fields: Fields): string | null {
  const value = classColumns
    .map((column) => fields[column])
    .find((entry) => entry !== undefined && entry !== null);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}
