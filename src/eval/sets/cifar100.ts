import {binaryImages} from '../binary-images.js';
import {classTable} from '../class-table.js';
import {defineKnownSet} from '../known-set.js';

/** Classes in the order of their numbers, with the templates of CLIP (OpenAI, MIT). */
const names = classTable(`
  apple apple; aquarium_fish aquarium fish; baby baby; bear bear; beaver beaver; bed bed; bee bee;
  beetle beetle; bicycle bicycle; bottle bottle; bowl bowl; boy boy; bridge bridge; bus bus;
  butterfly butterfly; camel camel; can can; castle castle; caterpillar caterpillar; cattle cattle;
  chair chair; chimpanzee chimpanzee; clock clock; cloud cloud; cockroach cockroach; couch couch;
  crab crab; crocodile crocodile; cup cup; dinosaur dinosaur; dolphin dolphin; elephant elephant;
  flatfish flatfish; forest forest; fox fox; girl girl; hamster hamster; house house; kangaroo kangaroo;
  keyboard keyboard; lamp lamp; lawn_mower lawn mower; leopard leopard; lion lion; lizard lizard;
  lobster lobster; man man; maple_tree maple tree; motorcycle motorcycle; mountain mountain; mouse mouse;
  mushroom mushroom; oak_tree oak tree; orange orange; orchid orchid; otter otter; palm_tree palm tree;
  pear pear; pickup_truck pickup truck; pine_tree pine tree; plain plain; plate plate; poppy poppy;
  porcupine porcupine; possum possum; rabbit rabbit; raccoon raccoon; ray ray; road road; rocket rocket;
  rose rose; sea sea; seal seal; shark shark; shrew shrew; skunk skunk; skyscraper skyscraper;
  snail snail; snake snake; spider spider; squirrel squirrel; streetcar streetcar; sunflower sunflower;
  sweet_pepper sweet pepper; table table; tank tank; telephone telephone; television television;
  tiger tiger; tractor tractor; train train; trout trout; tulip tulip; turtle turtle; wardrobe wardrobe;
  whale whale; willow_tree willow tree; wolf wolf; woman woman; worm worm
`);

export default defineKnownSet({
  name: 'cifar100',
  title: 'CIFAR-100 (test)',
  source: 'https://www.cs.toronto.edu/~kriz/cifar.html (the binary version, cifar-100-binary.tar.gz)',
  folders: ['cifar100', 'cifar-100', 'cifar-100-binary'],
  imageFolders: ['test', '.'],
  // bytes in front of the pixels: the coarse class, then the class
  read: (root) => binaryImages(root, 'test.bin', {labelBytes: 2, labels: Object.keys(names)}),
  classes: {count: 100, names},
  templates: [
    'a photo of a {}.',
    'a blurry photo of a {}.',
    'a black and white photo of a {}.',
    'a low contrast photo of a {}.',
    'a high contrast photo of a {}.',
    'a bad photo of a {}.',
    'a good photo of a {}.',
    'a photo of a small {}.',
    'a photo of a big {}.',
    'a photo of the {}.',
    'a blurry photo of the {}.',
    'a black and white photo of the {}.',
    'a low contrast photo of the {}.',
    'a high contrast photo of the {}.',
    'a bad photo of the {}.',
    'a good photo of the {}.',
    'a photo of the small {}.',
    'a photo of the big {}.',
  ],
});
