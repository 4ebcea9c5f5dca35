import {classList} from '../src/data/class-list.js';
import {defineDomain} from '../src/data/domain.js';

/*
 * Readable names follow one rule: words are parted, and a name that is only an adjective gets its noun. They were
 * fixed before any model was measured.
 *
 * The keywords are our own, not a class list: what a photo from above can show, by kind (things, ways, built-up
 * land, vegetation and soil, water, layout, colour). General words of the field come first; their forms, and
 * phrases such as `mark lines`, follow word counts of the UCM captions. 17 of the 95 occur in no UCM training
 * caption; the list finds 97 % of those captions. 27 keywords are readable class names too, since captioners and
 * annotators name the same things (airplane, beach, bridge, forest, river, storage tanks, ...; a test lists them). For
 * keywords without that overlap give a file of your own with --keywords.
 */
const things = [
  'airplane',
  'airplanes',
  'boats',
  'bridge',
  'cars',
  'containers',
  'ships',
  'storage tank',
  'storage tanks',
  'swimming pool',
  'trucks',
];
const ways = [
  'crossroads',
  'freeways',
  'highway',
  'intersection',
  'mark lines',
  'overpass',
  'path',
  'railway',
  'road',
  'roads',
  'runway',
  'trail',
];
const builtUp = [
  'apartments',
  'building',
  'buildings',
  'factory',
  'golf course',
  'house',
  'houses',
  'mobile homes',
  'parking lot',
  'parking spots',
  'playground',
  'residential area',
  'roof',
  'roofs',
  'stadium',
  'tennis court',
  'tennis courts',
  'villa',
  'warehouse',
];
const land = [
  'bare land',
  'bunkers',
  'bushes',
  'crops',
  'cropland',
  'farmland',
  'field',
  'forest',
  'grass',
  'ground',
  'lawn',
  'lawns',
  'mountain',
  'plants',
  'sand',
  'sands',
  'trees',
  'turfs',
  'weeds',
];
const waters = [
  'bank',
  'banks',
  'beach',
  'harbor',
  'lake',
  'ocean',
  'pond',
  'river',
  'sea',
  'water',
  'waves',
];
const layout = [
  'arranged neatly',
  'closed to',
  'curved',
  'dense',
  'empty',
  'in lines',
  'parallel',
  'parked',
  'scattered',
  'sparse',
  'straight',
  'surrounded',
  'vertical',
];
const colours = [
  'blue',
  'brown',
  'dark green',
  'deep blue',
  'green',
  'grey',
  'orange',
  'red',
  'white',
  'withered',
];

export default defineDomain({
  name: 'remote-sensing',
  summary: 'Photos of the ground from aircraft and satellites.',
  classSets: {
    ucm: classList(`
      agricultural = agricultural land; airplane; baseballdiamond = baseball diamond; beach;
      buildings; chaparral; denseresidential = dense residential area; forest; freeway; golfcourse =
      golf course; harbor; intersection; mediumresidential = medium residential area; mobilehomepark
      = mobile home park; overpass; parkinglot = parking lot; river; runway; sparseresidential =
      sparse residential area; storagetanks = storage tanks; tenniscourt = tennis court
    `),
    rsscn7: classList(`
      grass; field; industry = industrial area; river or lake; forest; residential = residential
      area; parking lot
    `),
    'rsscn7-folders': classList(`
      aGrass = grass; bField = field; cIndustry = industrial area; dRiverLake = river or lake;
      eForest = forest; fResident = residential area; gParking = parking lot
    `),
    rsicd: classList(`
      airport; bareland = bare land; baseballfield = baseball field; beach; bridge; center; church;
      commercial = commercial area; denseresidential = dense residential area; desert; farmland;
      forest; industrial = industrial area; meadow; mediumresidential = medium residential area;
      mountain; park; parking = parking lot; playground; pond; port; railwaystation = railway
      station; resort; river; school; sparseresidential = sparse residential area; square; stadium;
      storagetanks = storage tanks; viaduct
    `),
    aid: classList(`
      Airport = airport; BareLand = bare land; BaseballField = baseball field; Beach = beach; Bridge
      = bridge; Center = center; Church = church; Commercial = commercial area; DenseResidential =
      dense residential area; Desert = desert; Farmland = farmland; Forest = forest; Industrial =
      industrial area; Meadow = meadow; MediumResidential = medium residential area; Mountain =
      mountain; Park = park; Parking = parking lot; Playground = playground; Pond = pond; Port =
      port; RailwayStation = railway station; Resort = resort; River = river; School = school;
      SparseResidential = sparse residential area; Square = square; Stadium = stadium; StorageTanks
      = storage tanks; Viaduct = viaduct
    `),
    'whu-rs19': classList(`
      Airport = airport; Beach = beach; Bridge = bridge; Commercial = commercial area; Desert =
      desert; Farmland = farmland; Forest = forest; Industrial = industrial area; Meadow = meadow;
      Mountain = mountain; Park = park; Parking = parking lot; Pond = pond; Port = port; Residential
      = residential area; River = river; Viaduct = viaduct; footballField = football field;
      railwayStation = railway station
    `),
    resisc45: classList(`
      airplane; airport; baseball_diamond = baseball diamond; basketball_court = basketball court;
      beach; bridge; chaparral; church; circular_farmland = circular farmland; cloud = clouds;
      commercial_area = commercial area; dense_residential = dense residential area; desert; forest;
      freeway; golf_course = golf course; ground_track_field = ground track field; harbor;
      industrial_area = industrial area; intersection; island; lake; meadow; medium_residential =
      medium residential area; mobile_home_park = mobile home park; mountain; overpass; palace;
      parking_lot = parking lot; railway; railway_station = railway station; rectangular_farmland =
      rectangular farmland; river; roundabout; runway; sea_ice = sea ice; ship; snowberg =
      snow-covered mountain; sparse_residential = sparse residential area; stadium; storage_tank =
      storage tank; tennis_court = tennis court; terrace = terraced field; thermal_power_station =
      thermal power station; wetland
    `),
    sydney: classList(`
      airport; industrial = industrial area; meadow; ocean; residential = residential area; river;
      runway
    `),
  },
  // the first is S-CLIP's only template; the others are ours
  templates: [
    'an aerial photograph of {}.',
    'a satellite image of {}.',
    'an overhead view of {}.',
    'a photo of {} taken from the air.',
    'remote sensing imagery that shows {}.',
    'a top-down picture of {} from an airplane.',
  ],
  keywords: [...things, ...ways, ...builtUp, ...land, ...waters, ...layout, ...colours],
  keywordRule: {
    method: 'yake',
    nGram: 2,
    stopWords: [
      'image',
      'picture',
      'photo',
      'photograph',
      'aerial',
      'satellite',
      'view',
      'piece',
      'part',
      'area',
    ],
    reason:
      'Captions are short and plain, and what they name is often two words (storage tanks, tennis court). Words ' +
      'about the picture itself and "a piece of" are in every second caption and tell no scene from another.',
  },
  augmentation: {
    crop: [0.9, 1],
    mirror: false,
    reason:
      'As S-CLIP: smaller crops lose the thing that the caption counts ("two airplanes", "beside the road"). A view ' +
      'from above has no up, so mirroring would be fair too; it is left out to stay with the published setting.',
  },
  sets: {
    rsicd: {
      title: 'RSICD',
      layout:
        'dataset_rsicd.json (Karpathy) beside RSICD_images/; classes as one folder each, or txtclasses_rsicd/',
      splits: {train: 8734, val: 1094, test: 1093},
      classes: 'rsicd',
      licence: 'None stated; asks for citation, given for research.',
      source: 'https://github.com/201528014227051/RSICD_optimal',
    },
    'ucm-captions': {
      title: 'UCM-Captions on UC Merced Land Use',
      layout: 'dataset.json (Karpathy) beside images/',
      splits: {train: 1680, val: 210, test: 210},
      classes: 'ucm',
      licence:
        'Images USGS National Map, public domain; captions for research. Zero-shot on UCM sees training images.',
      source: 'https://github.com/201528014227051/RSICD_optimal and http://weegee.vision.ucmerced.edu',
    },
    'sydney-captions': {
      title: 'Sydney-Captions',
      layout: 'dataset.json (Karpathy) beside images/',
      splits: {train: 497, val: 58, test: 58},
      classes: 'sydney',
      licence: 'None stated.',
      source: 'https://github.com/201528014227051/RSICD_optimal',
    },
    aid: {
      title: 'AID',
      layout: 'one folder a class',
      splits: {all: 10_000},
      classes: 'aid',
      licence: 'Google Earth imagery, research only.',
      source: 'https://captain-whu.github.io/AID/',
    },
    resisc45: {
      title: 'NWPU-RESISC45',
      layout: 'one folder a class',
      splits: {all: 31_500},
      classes: 'resisc45',
      licence:
        'Google Earth imagery, research only. S-CLIP takes it as uncaptioned images of another distribution.',
      source: 'https://gcheng-nwpu.github.io',
    },
    'whu-rs19': {
      title: 'WHU-RS19',
      layout: 'one folder a class',
      splits: {all: 1005},
      classes: 'whu-rs19',
      licence: 'Google Earth imagery; mirrors say CC BY 4.0.',
      source: 'https://captain-whu.github.io/BED4RS/',
    },
    rsscn7: {
      title: 'RSSCN7',
      layout: 'one folder a class (aGrass, bField, ...)',
      splits: {all: 2800},
      classes: 'rsscn7-folders',
      licence: 'None stated, research only.',
      source: 'https://github.com/palewithout/RSSCN7',
    },
  },
  licence:
    'No data is included. UC Merced images are from the USGS National Map (public domain); their captions and ' +
    'RSSCN7 come without a stated licence and are used for research only.',
  references: [
    'Yang and Newsam, Bag-of-visual-words and spatial extensions for land-use classification, 2010 (UC Merced)',
    'Qu et al., Deep semantic understanding of high resolution remote sensing image, 2016 (UCM-Captions)',
    'Lu et al., Exploring models and data for remote sensing image caption generation, 2017 (RSICD)',
    'Xia et al., AID: A benchmark data set for performance evaluation of aerial scene classification, 2017 (AID)',
    'Cheng et al., Remote sensing image scene classification: benchmark and state of the art, 2017 (RESISC45)',
    'Dai and Yang, Satellite image classification via two-layer sparse coding with biased image representation, 2011 (WHU-RS19)',
    'Zhang et al., Saliency-guided unsupervised feature learning for scene classification, 2015 (Sydney)',
    'Zou et al., Deep learning based feature selection for remote sensing scene classification, 2015 (RSSCN7)',
    'Mo et al., S-CLIP: Semi-supervised vision-language learning using few specialist captions, arXiv:2305.14095',
  ],
});
