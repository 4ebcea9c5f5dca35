import {decodeHTML} from 'entities';

const tag = /<\/?[a-z][^<>]*>/gi;
const address = /\b(?:https?:\/\/|www\.)\S+/gi;
// direction marks, zero-width characters and controls other than white space
const unseen = /[\p{Cc}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/**
 * A caption as a person would write it: HTML entities read (twice, as they often come), tags and web addresses left out,
 * composed characters (Unicode NFC), no invisible ones, single spaces, none before and after.
 */
export function tidyCaption(caption: string): string {
  return decodeHTML(decodeHTML(caption))
    .replace(tag, ' ')
    .replace(address, ' ')
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .replace(unseen, '')
    .replace(/ {2,}/g, ' ')
    .trim();
}
