import {fixText} from './fix-text.js';
import {unescapeHtml} from './unescape-html.js';

/**
 * The cleaning in front of OpenAI's and OpenCLIP's tokenizer: mend (ftfy), resolve HTML references twice, make every
 * run of white space one space, trim, lower-case.
 */
export function cleanText(text: string): string {
  const unescaped = unescapeHtml(unescapeHtml(fixText(text)));
  return unescaped.split(whiteSpace).filter(Boolean).join(' ').toLowerCase();
}

/** White space as Python's `str.split` sees it: with the separators 1C to 1F and 85, without the byte order mark. */
// eslint-disable-next-line no-control-regex -- some of it is control characters
const whiteSpace = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
