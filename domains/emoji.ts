import {classList} from '../src/data/class-list.js';
import {defineDomain} from '../src/data/domain.js';
import {fluentEmoji} from '../src/data/emoji/fluent-emoji.js';

/*
 * Small pictures that stand for one thing. Classes are the groups of Unicode and the subgroups that are most unlike;
 * keywords are words of the short names (CLDR), by what is seen.
 */
const faces =
  'face; smiling; grinning; laughing; crying; angry; sad; kissing; winking; sleeping; tongue; tears; mask; heart eyes; sunglasses';
const people =
  'man; woman; boy; girl; baby; hand; finger; thumbs up; fist; clapping; raised; pointing; family; running; dancing; hair; beard; skin tone';
const nature =
  'cat; dog; monkey; bear; bird; fish; horse; mouse; bug; flower; tree; leaf; sun; moon; star; cloud; rain; snow; fire; wave; mountain';
const things =
  'heart; fruit; bread; cake; cup; glass; plate; car; train; ship; airplane; bicycle; house; clock; phone; computer; book; pencil; envelope; key; lock; lamp; ball; medal; musical note; hat; shoe; bag; bell; gift';
const signs =
  'arrow; circle; square; triangle; letter; number; sign; button; flag; cross; check mark; plus; question mark; exclamation mark; zodiac';
const colours = 'red; orange; yellow; green; blue; purple; pink; brown; black; white; left; right; up; down';
const words = (...lists: readonly string[]) => lists.flatMap((list) => list.split('; '));

export default defineDomain({
  name: 'emoji',
  summary:
    'Emoji and clip art, small pictures that stand for one thing: 1,852 drawings come with the program.',
  classSets: {
    groups: classList(`
      Smileys & Emotion = smiley or emotion; People & Body = person or body part; Animals & Nature = animal or plant;
      Food & Drink = food or drink; Travel & Places = vehicle or place; Activities = sport or game; Objects = object;
      Symbols = symbol; Flags = flag
    `),
    subgroups: classList(`
      face-smiling = smiling face; face-concerned = worried face; face-negative = angry face; cat-face = cat face;
      monkey-face = monkey face; heart = heart; hand-fingers-open = open hand; hand-fingers-closed = closed hand;
      person-sport = person doing sport; person-role = person at work; family = family; animal-mammal = mammal;
      animal-bird = bird; animal-marine = sea animal; animal-bug = insect; plant-flower = flower; food-fruit = fruit;
      food-vegetable = vegetable; food-sweet = sweet food; drink = drink; place-building = building;
      transport-ground = car or train; transport-water = ship; transport-air = aircraft; time = clock;
      sky & weather = sky or weather; sport = sport; game = game; clothing = piece of clothing;
      musical-instrument = musical instrument; computer = computer; office = office supplies; tool = tool; arrow = arrow;
      zodiac = zodiac sign; geometric = geometric shape; country-flag = country flag
    `),
  },
  templates: [
    'an emoji of a {}.',
    'a {} emoji.',
    'an icon of a {}.',
    'clip art of a {}.',
    'a small picture of a {} on a plain background.',
  ],
  keywords: words(faces, people, nature, things, signs, colours),
  keywordRule: {
    method: 'tf-idf',
    nGram: 2,
    stopWords: ['emoji', 'icon', 'symbol', 'clip', 'art', 'image', 'picture', 'with'],
    reason:
      'Names have two to five words and hardly repeat, so rare words matter; a tagger has no sentence to go by, and YAKE no ' +
      'text to count in.',
  },
  augmentation: {
    crop: [0.95, 1],
    mirror: false,
    reason:
      'Left and right are part of the meaning (arrows, pointing hands, flags, letters), and the picture fills its frame: a ' +
      'crop cuts it.',
  },
  sets: {
    'fluent-emoji': {
      title: 'Fluent Emoji in 3D',
      layout:
        'domain:emoji; the drawings without skin tones of the npm package @lobehub/fluent-emoji-3d, names from ' +
        'unicode-emoji-json, keywords from emojilib',
      splits: {captioned: 179, uncaptioned: 1125, test: 548},
      classes: 'groups',
      licence: 'MIT.',
      source: 'https://www.npmjs.com/package/@lobehub/fluent-emoji-3d',
    },
    noto: {
      title: 'Noto Emoji',
      layout: 'the npm package @iconify-json/noto: SVG in one JSON file',
      splits: {},
      classes: 'groups',
      licence: 'Apache-2.0.',
      source: 'https://www.npmjs.com/package/@iconify-json/noto',
    },
    openclipart: {
      title: 'Openclipart',
      layout: 'a table with the columns file, title, desc and tags: SET?caption-key=title',
      splits: {all: 5362},
      licence: 'Public domain.',
      source: 'https://openclipart.org',
    },
  },
  licence:
    'The drawings are Fluent Emoji by Microsoft in 3D (MIT), names and keywords from MIT packages. Noto is Apache-2.0, Twemoji ' +
    'CC BY 4.0, Openclipart public domain; emoji of phones belong to their makers.',
  references: [
    'Unicode Technical Standard 51, Unicode Emoji (groups, subgroups and short names)',
    'Mo et al., S-CLIP: Semi-supervised vision-language learning using few specialist captions, arXiv:2305.14095',
  ],
  data: fluentEmoji(),
});
