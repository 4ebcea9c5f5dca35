import type {Emoji, EmojiTable} from '../emoji/emoji-table.js';
import type {Concept} from './concepts.js';

/** Captions of a concept; training draws one at each visit, so one that stands there twice is drawn twice as often. */
export type CaptionsOf = (concept: Concept) => readonly string[];

const emojiTemplates = ['an emoji of a {}.', 'a {} emoji.', 'an icon of a {}.', 'clip art of a {}.'];
const iconTemplates = ['an icon of a {}.', 'a {} icon.'];
/** A keyword of more emoji than this says too little to be a caption by itself. */
const mostEmojiOfKeyword = 4;
const keywordsBesideName = 3;

/**
 * Captions from names and keywords: the name alone three times, in templates, followed by some of its keywords, and
 * keywords that few emoji share.
 */
export function captionMaker(table: EmojiTable): CaptionsOf {
  const counts = new Map<string, number>();
  for (const {keywords} of table.all) {
    for (const keyword of keywords) counts.set(keyword, (counts.get(keyword) ?? 0) + 1);
  }
  const isRare = (keyword: string) => counts.get(keyword)! <= mostEmojiOfKeyword;
  return (concept) =>
    concept.kind === 'name'
      ? [concept.name, concept.name, ...filled(iconTemplates, concept.name)]
      : emojiCaptions(concept.emoji, isRare);
}

function emojiCaptions(emoji: Emoji, isRare: (keyword: string) => boolean): string[] {
  const {name, subgroup} = emoji;
  const words = emoji.keywords.filter((keyword) => /\p{L}{2}/u.test(keyword));
  const rare = words.filter(isRare).slice(0, keywordsBesideName);
  const rarestFirst = [...words.filter(isRare), ...words.filter((word) => !isRare(word))];
  return [
    ...Array<string>(3).fill(name),
    ...filled(emojiTemplates, name),
    ...(subgroup === undefined ? [] : [`${name}, ${subgroup.replaceAll('-', ' ')}`]),
    ...(words.length === 0 ? [] : [[name, ...rarestFirst.slice(0, keywordsBesideName)].join(', ')]),
    ...rare,
  ];
}

function filled(templates: readonly string[], name: string): string[] {
  return templates.map((template) => template.replace('{}', () => name));
}
