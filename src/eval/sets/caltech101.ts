import {classTable} from '../class-table.js';
import {defineKnownSet} from '../known-set.js';

/** The folder of each class and its name, with the templates of CLIP (OpenAI, MIT); the background is no class. */
const names = classTable(`
  faces off-center face; faces_easy centered face; leopards leopard; motorbikes motorbike;
  accordion accordion; airplanes airplane; anchor anchor; ant ant; barrel barrel; bass bass;
  beaver beaver; binocular binocular; bonsai bonsai; brain brain; brontosaurus brontosaurus;
  buddha buddha; butterfly butterfly; camera camera; cannon cannon; car_side side of a car;
  ceiling_fan ceiling fan; cellphone cellphone; chair chair; chandelier chandelier;
  cougar_body body of a cougar cat; cougar_face face of a cougar cat; crab crab; crayfish crayfish;
  crocodile crocodile; crocodile_head head of a crocodile; cup cup; dalmatian dalmatian;
  dollar_bill dollar bill; dolphin dolphin; dragonfly dragonfly; electric_guitar electric guitar;
  elephant elephant; emu emu; euphonium euphonium; ewer ewer; ferry ferry; flamingo flamingo;
  flamingo_head head of a flamingo; garfield garfield; gerenuk gerenuk; gramophone gramophone;
  grand_piano grand piano; hawksbill hawksbill; headphone headphone; hedgehog hedgehog;
  helicopter helicopter; ibis ibis; inline_skate inline skate; joshua_tree joshua tree; kangaroo kangaroo;
  ketch ketch; lamp lamp; laptop laptop; llama llama; lobster lobster; lotus lotus; mandolin mandolin;
  mayfly mayfly; menorah menorah; metronome metronome; minaret minaret; nautilus nautilus;
  octopus octopus; okapi okapi; pagoda pagoda; panda panda; pigeon pigeon; pizza pizza; platypus platypus;
  pyramid pyramid; revolver revolver; rhino rhino; rooster rooster; saxophone saxophone;
  schooner schooner; scissors scissors; scorpion scorpion; sea_horse sea horse;
  snoopy snoopy (cartoon beagle); soccer_ball soccer ball; stapler stapler; starfish starfish;
  stegosaurus stegosaurus; stop_sign stop sign; strawberry strawberry; sunflower sunflower; tick tick;
  trilobite trilobite; umbrella umbrella; watch watch; water_lilly water lily; wheelchair wheelchair;
  wild_cat wild cat; windsor_chair windsor chair; wrench wrench; yin_yang yin and yang symbol
`);

export default defineKnownSet({
  name: 'caltech101',
  title: 'Caltech-101',
  source: 'https://data.caltech.edu/records/mzrjq-6wc02 (caltech-101.zip with 101_ObjectCategories inside)',
  folders: ['caltech101', 'caltech-101'],
  imageFolders: ['test', '101_ObjectCategories', '.'],
  ignored: ['BACKGROUND_Google'],
  classes: {count: 101, names},
  templates: [
    'a photo of a {}.',
    'a painting of a {}.',
    'a plastic {}.',
    'a sculpture of a {}.',
    'a sketch of a {}.',
    'a tattoo of a {}.',
    'a toy {}.',
    'a rendition of a {}.',
    'a embroidered {}.',
    'a cartoon {}.',
    'a {} in a video game.',
    'a plushie {}.',
    'a origami {}.',
    'art of a {}.',
    'graffiti of a {}.',
    'a drawing of a {}.',
    'a doodle of a {}.',
    'a photo of the {}.',
    'a painting of the {}.',
    'the plastic {}.',
    'a sculpture of the {}.',
    'a sketch of the {}.',
    'a tattoo of the {}.',
    'the toy {}.',
    'a rendition of the {}.',
    'the embroidered {}.',
    'the cartoon {}.',
    'the {} in a video game.',
    'the plushie {}.',
    'the origami {}.',
    'art of the {}.',
    'graffiti of the {}.',
    'a drawing of the {}.',
    'a doodle of the {}.',
  ],
});
