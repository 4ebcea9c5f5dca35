import {classTable} from '../class-table.js';
import {defineKnownSet} from '../known-set.js';
import {listedImages} from '../listed-images.js';

/** Breeds as the names of the files have them, with the template of CLIP (OpenAI, MIT). */
const names = classTable(`
  abyssinian Abyssinian; american_bulldog American Bulldog;
  american_pit_bull_terrier American Pit Bull Terrier; basset_hound Basset Hound; beagle Beagle;
  bengal Bengal; birman Birman; bombay Bombay; boxer Boxer; british_shorthair British Shorthair;
  chihuahua Chihuahua; egyptian_mau Egyptian Mau; english_cocker_spaniel English Cocker Spaniel;
  english_setter English Setter; german_shorthaired German Shorthaired; great_pyrenees Great Pyrenees;
  havanese Havanese; japanese_chin Japanese Chin; keeshond Keeshond; leonberger Leonberger;
  maine_coon Maine Coon; miniature_pinscher Miniature Pinscher; newfoundland Newfoundland;
  persian Persian; pomeranian Pomeranian; pug Pug; ragdoll Ragdoll; russian_blue Russian Blue;
  saint_bernard Saint Bernard; samoyed Samoyed; scottish_terrier Scottish Terrier; shiba_inu Shiba Inu;
  siamese Siamese; sphynx Sphynx; staffordshire_bull_terrier Staffordshire Bull Terrier;
  wheaten_terrier Wheaten Terrier; yorkshire_terrier Yorkshire Terrier
`);

export default defineKnownSet({
  name: 'pets',
  title: 'Oxford-IIIT Pets (test)',
  source: 'https://www.robots.ox.ac.uk/~vgg/data/pets/ (images.tar.gz and annotations.tar.gz, side by side)',
  folders: ['pets', 'oxford-iiit-pet', 'oxford_pets'],
  imageFolders: ['test', '.'],
  // `Abyssinian_201 1 1 1`: the breed is in the name of the file
  read: (root) =>
    listedImages(root, 'annotations/test.txt', (line) => {
      const [, file, label] = /^((\S+)_\d+) /.exec(line) ?? [];
      return file && label ? {file: `images/${file}.jpg`, label} : undefined;
    }),
  classes: {count: 37, names},
  templates: ['a photo of a {}, a type of pet.'],
});
