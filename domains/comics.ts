import {classList} from '../src/data/class-list.js';
import {defineDomain} from '../src/data/domain.js';

/*
 * Drawn characters: cartoons and game art. The keywords are what one sees of a figure: kind, clothing, arms, pose,
 * colour, surroundings; names of characters are left to class sets and to lists made from captions.
 */
const figures =
  'man; woman; boy; girl; child; baby; warrior; soldier; archer; mage; knight; rider; king; queen; bandit; skeleton; ghost; dragon; bird; horse; wolf; dog; cat; fish; spider; snake; bat; tree';
const clothing =
  'armor; helmet; cloak; robe; hood; crown; shirt; dress; pants; hat; tie; apron; glasses; beard; hair; wings; tail; horns';
const arms =
  'sword; axe; bow; spear; staff; club; hammer; dagger; shield; torch; lance; whip; crossbow; claws';
const poses =
  'standing; sitting; walking; running; flying; fighting; attacking; riding; holding; talking; smiling; sleeping; eating; looking';
const scenes =
  'fire; water; ice; magic; forest; cave; castle; house; kitchen; room; street; car; table; chair; couch; television; door; night; sky';
const colours = 'yellow; blue; red; green; white; black; brown; purple; orange; grey; pink; golden';
const words = (...lists: readonly string[]) => lists.flatMap((list) => list.split('; '));

export default defineDomain({
  name: 'comics',
  summary: 'Drawn characters and scenes: cartoons, comics, sprites and portraits of games.',
  classSets: {
    simpsons: classList(`
      abraham_grampa_simpson = Grampa Simpson; apu_nahasapeemapetilon = Apu from the Simpsons; bart_simpson = Bart Simpson;
      charles_montgomery_burns = Mr Burns; chief_wiggum = Chief Wiggum; comic_book_guy = Comic Book Guy;
      edna_krabappel = Edna Krabappel; homer_simpson = Homer Simpson; kent_brockman = Kent Brockman;
      krusty_the_clown = Krusty the Clown; lenny_leonard = Lenny Leonard; lisa_simpson = Lisa Simpson;
      marge_simpson = Marge Simpson; mayor_quimby = Mayor Quimby; milhouse_van_houten = Milhouse Van Houten;
      moe_szyslak = Moe Szyslak; ned_flanders = Ned Flanders; nelson_muntz = Nelson Muntz;
      principal_skinner = Principal Skinner; sideshow_bob = Sideshow Bob
    `),
    wesnoth: classList(`
      human; monster; elf; drake = drake dragon; undead = undead creature; dwarf; orc; naga = snake-bodied naga; wolf; merman;
      lizard = lizard man; wose = walking tree; troll; gryphon; goblin; bats = bat; horse; ogre;
      mechanical = mechanical creature; dunefolk = desert warrior; falcon
    `),
  },
  templates: [
    'a drawing of a {}.',
    'a cartoon of a {}.',
    'a {} in a cartoon.',
    'a video game sprite of a {}.',
    'a portrait of a {}, digital painting.',
    'a comic character, {}.',
  ],
  keywords: words(figures, clothing, arms, poses, scenes, colours),
  keywordRule: {
    method: 'nouns',
    nGram: 1,
    stopWords: [
      'cartoon',
      'character',
      'image',
      'picture',
      'drawing',
      'sprite',
      'time',
      'world',
      'skill',
      'ability',
      'use',
    ],
    reason:
      'Texts about characters tell stories; nouns find creatures, arms and clothing in them. Machine captions call ' +
      'everything a cartoon character.',
  },
  augmentation: {
    crop: [0.9, 1],
    mirror: true,
    reason:
      'Figures face either way, and most drawings hold no text. Outlines are thin and colours mark characters, so neither ' +
      'strong crops nor changes of colour.',
  },
  sets: {
    simpsons: {
      title: 'Simpsons BLIP captions',
      layout: 'parquet with the columns image and text',
      splits: {train: 679, val: 76},
      licence: 'CC BY-NC-SA 4.0; machine captions, cut to 77 characters in S-CLIP.',
      source: 'https://huggingface.co/datasets/Norod78/simpsons-blip-captions',
    },
    'simpsons-characters': {
      title: 'The Simpsons characters',
      layout: 'one folder a character: uncaptioned images',
      splits: {},
      classes: 'simpsons',
      licence: 'Non-commercial.',
      source: 'https://www.kaggle.com/datasets/alexattia/the-simpsons-characters-dataset',
    },
    wesnoth: {
      title: 'Battle for Wesnoth units',
      layout: 'a table with captions; sprites as uncaptioned images',
      splits: {captioned: 421, uncaptioned: 5548},
      classes: 'wesnoth',
      licence: 'GPL-2.0 or later, newer art CC BY-SA 4.0.',
      source: 'https://github.com/wesnoth/wesnoth (data/core)',
    },
  },
  licence:
    'No data is included. The Simpsons sets are for non-commercial use and show characters of their owners; Wesnoth art is ' +
    'under GPL-2.0 or CC BY-SA 4.0.',
  references: [
    'Mo et al., S-CLIP: Semi-supervised vision-language learning using few specialist captions, arXiv:2305.14095',
    'The Battle for Wesnoth Project, https://www.wesnoth.org',
  ],
});
