import type {Emoji, EmojiTable} from '../emoji/emoji-table.js';
import type {Icon} from './icon-set.js';

/** What a picture shows: an emoji, or something that has a name alone. */
export type Concept =
  | {readonly kind: 'emoji'; readonly key: string; readonly emoji: Emoji}
  | {readonly kind: 'name'; readonly key: string; readonly name: string};

/** Finds the concept of an icon; undefined for what shows none: skin-tone variants, names that are no words. */
export type FindConcept = (icon: Icon) => Concept | undefined;

const skinTone = /skin-tone|tone\d/;
/** Drawings of one thing that sets number (`bird-1`), and words that tell of the drawing. */
const decoration =
  /-(?:\d{1,2}|outline|filled|fill|bold|solid|rounded|round|sharp|twotone|duotone|alt|icon)$/;

/**
 * Icons are matched with emoji by code points, else by name: letters and digits of a name are compared (`aerialtramway` is
 * `aerial tramway`), then keywords that one emoji alone has (`aubergine`).
 * @param styles sets whose icons carry code points: their names count too
 */
export function conceptFinder(table: EmojiTable, styles: readonly (readonly Icon[])[]): FindConcept {
  const byName = namesOf(table, styles);
  return ({names, codePoints}) => {
    if (names.some((name) => skinTone.test(name))) return undefined;
    const found = codePoints === undefined ? undefined : table.find(codePoints);
    if (found?.isSkinToneVariant) return undefined;
    const bare = names.map((name) => undecorated(name));
    const emoji = found ?? [...names, ...bare].map((name) => byName.get(letters(name))).find(Boolean);
    if (emoji !== undefined) return {kind: 'emoji', key: emoji.codePoints, emoji};
    const name = bare[0]!.replaceAll('-', ' ').trim();
    return /\p{L}{2}/u.test(name) ? {kind: 'name', key: letters(name), name} : undefined;
  };
}

/** Emoji by the letters of every name that means one of them alone; short names win over other sets' and keywords. */
function namesOf(table: EmojiTable, styles: readonly (readonly Icon[])[]): ReadonlyMap<string, Emoji> {
  const byKeyword = new Map<string, Emoji | undefined>();
  for (const emoji of table.all) {
    for (const key of new Set(emoji.keywords.map(letters))) {
      byKeyword.set(key, byKeyword.has(key) ? undefined : emoji);
    }
  }
  const byName = new Map([...byKeyword].filter((entry): entry is [string, Emoji] => entry[1] !== undefined));
  for (const {names, codePoints} of styles.flat()) {
    const emoji = codePoints === undefined ? undefined : table.find(codePoints);
    if (emoji === undefined || emoji.isSkinToneVariant) continue;
    for (const name of names) byName.set(letters(name), emoji);
  }
  for (const emoji of table.all) byName.set(letters(emoji.name), emoji);
  byName.delete('');
  return byName;
}

function undecorated(name: string): string {
  const shorter = name.replace(decoration, '');
  return shorter === name ? name : undecorated(shorter);
}

/** Letters and digits of a name, lower case. */
function letters(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
