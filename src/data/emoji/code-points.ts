/*
 * An emoji is a sequence of code points. Files and tables write it in many ways (`1F44B-1F3FB`, `2702-fe0f`, the characters);
 * here it is lower-case hexadecimal of four digits or more, parted by hyphens, without the variation selector FE0F, which
 * some write and others leave out.
 */

const presentationSelector = 0xfe0f;
const skinTones = {first: 0x1f3fb, last: 0x1f3ff} as const;

/** The code points of the characters of an emoji: `✂️` -> `2702`. */
export function codePointsOf(characters: string): string {
  return joined(Array.from(characters, (character) => character.codePointAt(0)!));
}

/**
 * The code points in a name such as `1f468-200d-2695-fe0f` (parted by `-`, `_` or white space, any case); undefined for a
 * name that is something else.
 */
export function parseCodePoints(name: string): string | undefined {
  const parts = name.trim().split(/[-_\s]+/);
  if (!parts.every((part) => /^[0-9a-f]{4,6}$/i.test(part))) return undefined;
  return joined(parts.map((part) => Number.parseInt(part, 16)));
}

/** The sequence without skin tones; a tone alone is a picture of its own and stays. */
export function withoutSkinTone(codePoints: string): string {
  const points = numbers(codePoints);
  const kept = points.filter((point) => !isSkinTone(point));
  return joined(kept.length === 0 ? points : kept);
}

function isSkinTone(point: number): boolean {
  return point >= skinTones.first && point <= skinTones.last;
}

function numbers(codePoints: string): number[] {
  return codePoints.split('-').map((part) => Number.parseInt(part, 16));
}

function joined(points: readonly number[]): string {
  return points
    .filter((point) => point !== presentationSelector)
    .map((point) => point.toString(16).padStart(4, '0'))
    .join('-');
}
