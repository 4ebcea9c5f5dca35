import {createHash} from 'node:crypto';
import {readdir, readFile, stat} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import type {DomainData} from '../domain.js';
import type {CaptionedRow, ImageRef} from '../rows.js';
import {parseCodePoints} from './code-points.js';
import {emojiConcept} from './concept.js';
import {emojiTable, type Emoji} from './emoji-table.js';

/** Parts of the set. Which one an emoji is in depends on its concept alone. */
export type EmojiPart = 'captioned' | 'unpaired' | 'test';

/** An emoji of the package. */
export interface DrawnEmoji extends Emoji {
  /** File name in the package. */
  readonly file: string;
  readonly part: EmojiPart;
}

const folder = () =>
  join(dirname(createRequire(import.meta.url).resolve('@lobehub/fluent-emoji-3d/package.json')), 'assets');

/** Words that are shown beside the name in a caption. */
const shownKeywords = 4;

/**
 * Fluent Emoji in 3D, from the npm package: one concept in ten with captions, six without, three for the test, all
 * variations of a drawing in one part. Captions are the name, and the name with a few keywords; the test asks for names.
 * Labels are Unicode's groups.
 */
export function fluentEmoji(): DomainData {
  const rows = async (part: EmojiPart) => {
    const drawn = (await drawnEmoji()).filter((emoji) => emoji.part === part);
    return Promise.all(drawn.map(async (emoji) => ({emoji, image: await imageOf(emoji)})));
  };
  return {
    captioned: async () =>
      (await rows('captioned')).map(({emoji, image}) => labelled(emoji, image, captionsOf(emoji))),
    unpaired: async () => (await rows('unpaired')).map(({image}) => ({image})),
    test: async () => (await rows('test')).map(({emoji, image}) => labelled(emoji, image, [emoji.name])),
  };
}

/** All emoji of the package that the table knows, without skin tones, each once, by file name. */
export async function drawnEmoji(): Promise<readonly DrawnEmoji[]> {
  const table = emojiTable();
  const known = new Map<string, DrawnEmoji>();
  for (const file of (await readdir(folder())).sort()) {
    const codePoints = parseCodePoints(file.replace(/\.webp$/, ''));
    const found = codePoints === undefined ? undefined : table.find(codePoints);
    if (found === undefined || found.isSkinToneVariant || known.has(found.codePoints)) continue;
    const {isSkinToneVariant: _, ...emoji} = found;
    known.set(emoji.codePoints, {...emoji, file, part: partOf(emojiConcept(emoji))});
  }
  return [...known.values()];
}

/** By a number in [0, 1) that is fixed for each concept. */
function partOf(concept: string): EmojiPart {
  const share = createHash('sha256').update(`emoji ${concept}`).digest().readUInt32BE() / 2 ** 32;
  if (share < 0.1) return 'captioned';
  return share < 0.7 ? 'unpaired' : 'test';
}

function captionsOf({name, keywords}: Emoji): string[] {
  const words = keywords.filter((word) => /^[\p{L}\p{N}' -]+$/u.test(word)).slice(0, shownKeywords);
  return words.length === 0 ? [name] : [name, `${name}, ${words.join(', ')}`];
}

function labelled(
  {group}: Emoji,
  image: ImageRef,
  captions: readonly string[],
): CaptionedRow & {readonly label: string} {
  return {image, captions, label: group};
}

/** Drawings are transparent around; the id tells people what is drawn, and no method reads it. */
async function imageOf({file, name, codePoints}: DrawnEmoji): Promise<ImageRef> {
  const path = join(folder(), file);
  const words = name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return {
    id: `${words.join('-')}.${codePoints}.webp`,
    place: `${name}: ${path}`,
    bytes: (await stat(path)).size,
    background: 'white',
    read: () => readFile(path),
    part: {path},
  };
}
