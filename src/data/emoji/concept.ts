import type {Emoji} from './emoji-table.js';

/*
 * Many emoji are one drawing again: of a man, a woman and a person, to the left and to the right, in another colour, at
 * another hour. They are one concept, so that a split can keep them together.
 */

const genderSigns = ['2640', '2642'];
const turnedRight = '27a1';
const joiner = '200d';
const hair = ['1f9b0', '1f9b1', '1f9b2', '1f9b3'];
/** A person of any age and gender, without and with hair and beard of a kind, is the same head. */
const person = '1f9d1';
const people = [
  ...['1f466', '1f467', '1f468', '1f469', '1f471', '1f474', '1f475'],
  ...['1f9d1', '1f9d2', '1f9d3', '1f9d4'],
];

/** Drawings of one thing that neither code points nor names show. */
const sameDrawing: readonly (readonly string[])[] = [
  ['Santa Claus', 'Mrs. Claus', 'Mx Claus'],
  ['prince', 'princess', 'person with crown'],
  ['pregnant woman', 'pregnant man', 'pregnant person'],
  ['breast-feeding', 'man feeding baby', 'woman feeding baby', 'person feeding baby'],
  ['woman dancing', 'man dancing'],
  ['next track button', 'last track button'],
  ['play button', 'reverse button'],
  ['fast-forward button', 'fast reverse button', 'fast up button', 'fast down button'],
  ['muted speaker', 'speaker low volume', 'speaker medium volume', 'speaker high volume'],
  ['hourglass done', 'hourglass not done'],
  ['locked', 'unlocked', 'locked with key', 'locked with pen'],
  ['bell', 'bell with slash'],
];

const variations = new Set([
  ...[
    'red',
    'orange',
    'yellow',
    'green',
    'blue',
    'light',
    'purple',
    'brown',
    'black',
    'white',
    'grey',
    'pink',
  ],
  ...['large', 'medium', 'small', 'medium-small'],
  ...['up', 'down', 'left', 'right', 'leftwards', 'rightwards', 'upwards', 'downwards'],
  ...[
    'left-right',
    'up-down',
    'up-left',
    'up-right',
    'down-left',
    'down-right',
    'left-facing',
    'right-facing',
  ],
  ...['open', 'closed', 'raised', 'lowered', 'oncoming', 'increasing', 'decreasing'],
  ...['yen', 'dollar', 'euro', 'pound', '1st', '2nd', '3rd'],
]);

/** What an emoji shows, equal for all that are variations of one drawing. */
export function emojiConcept(emoji: Emoji): string {
  const {name, subgroup = ''} = emoji;
  if (subgroup === 'family' || name === 'family') return 'people together';
  if (subgroup === 'time' && /o’clock|-thirty/.test(name)) return 'clock face';
  if (subgroup === 'sky & weather' && /\bmoon\b/.test(name)) return 'moon';
  if (subgroup === 'keycap') return 'keycap';
  if (name.startsWith('globe showing')) return 'globe';
  const alike = sameDrawing.find((names) => names.includes(name));
  if (alike) return alike[0]!;
  return subgroup.startsWith('person') ? personConcept(emoji) : nameConcept(name);
}

/** The code points without gender, direction and hair. */
function personConcept({codePoints}: Emoji): string {
  const dropped = new Set([...genderSigns, ...hair, turnedRight, joiner]);
  const kept = codePoints.split('-').filter((point) => !dropped.has(point));
  return kept.map((point) => (people.includes(point) ? person : point)).join('-');
}

/** The name without colour, size, direction and state; a name of nothing else stays. */
function nameConcept(name: string): string {
  const kept = name.split(' ').filter((word) => !variations.has(word));
  return kept.length === 0 ? name : kept.join(' ');
}
