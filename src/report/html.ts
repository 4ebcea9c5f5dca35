import {escapeXml} from './svg-text.js';

const checked: unique symbol = Symbol('markup whose text is escaped');

/** Markup that only {@link markup} makes, so that no text of a data set gets into a page unescaped. */
export interface Html {
  readonly [checked]: string;
}

type Part = string | number | Html | readonly Html[];

/** Markup with parts in it: text is escaped, markup goes in as it is. Attributes must be in double quotes. */
export function markup(pieces: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const text = pieces.reduce((whole, piece, i) => whole + markupOf(parts[i - 1]!) + piece);
  return {[checked]: text};
}

/** The text of a whole page. */
export function markupOf(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number') return escapeXml(String(part));
  return isList(part) ? part.map(markupOf).join('') : part[checked];
}

function isList(part: Html | readonly Html[]): part is readonly Html[] {
  return Array.isArray(part);
}
