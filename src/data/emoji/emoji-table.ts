import {createRequire} from 'node:module';
import {codePointsOf, withoutSkinTone} from './code-points.js';

/** What is known of an emoji, whatever style it is drawn in. */
export interface Emoji {
  /** As {@link codePointsOf} writes them, without skin tones. */
  readonly codePoints: string;
  /** The short name of Unicode's CLDR: `dog face`. */
  readonly name: string;
  /** Words people look for it with, the name left out: `puppy`, `pet`. May hold smileys such as `:D`. */
  readonly keywords: readonly string[];
  /** One of Unicode's nine groups: `Animals & Nature`. */
  readonly group: string;
  /** One of Unicode's subgroups: `animal-mammal`. Undefined for what is newer than Emoji 16. */
  readonly subgroup: string | undefined;
}

/** An emoji that was looked up. */
export interface FoundEmoji extends Emoji {
  /** Whether the sequence that was asked for has a skin tone; the rest is that of the emoji without. */
  readonly isSkinToneVariant: boolean;
}

/** All emoji by code points, and what is asked of it. */
export interface EmojiTable {
  /** In Unicode's order, without skin-tone variants. */
  readonly all: readonly Emoji[];
  /** Undefined for what is no emoji, such as parts of other emoji. */
  find(codePoints: string): FoundEmoji | undefined;
}

/**
 * The table of all emoji: names and groups from the package `unicode-emoji-json`, keywords from `emojilib`, subgroups from
 * `emoji.json` (all MIT). Reads 1.5 MB of JSON each time.
 */
export function emojiTable(): EmojiTable {
  const require = createRequire(import.meta.url);
  const named = require('unicode-emoji-json') as Readonly<Record<string, NamedEmoji>>;
  const keywords = require('emojilib') as Readonly<Record<string, readonly string[]>>;
  const grouped = require('emoji.json') as readonly GroupedEmoji[];
  const subgroups = new Map(grouped.map(({char, subgroup}) => [codePointsOf(char), subgroup]));
  const all = Object.entries(named).map(([characters, {name, group}]): Emoji => {
    const codePoints = codePointsOf(characters);
    const words = (keywords[characters] ?? []).map((word) => readable(word));
    const subgroup = subgroups.get(codePoints);
    return {codePoints, name, keywords: words.filter((word) => word !== readable(name)), group, subgroup};
  });
  const byCodePoints = new Map(all.map((emoji) => [emoji.codePoints, emoji]));
  return {
    all,
    find(codePoints) {
      const plain = withoutSkinTone(codePoints);
      const emoji = byCodePoints.get(plain);
      return emoji && {...emoji, isSkinToneVariant: plain !== codePoints};
    },
  };
}

interface NamedEmoji {
  readonly name: string;
  readonly group: string;
}

interface GroupedEmoji {
  readonly char: string;
  readonly subgroup: string;
}

/** `heart_eyes` as it is said. */
function readable(word: string): string {
  return word.replaceAll('_', ' ').toLowerCase().trim();
}
