import {classList} from '../src/data/class-list.js';
import {defineDomain} from '../src/data/domain.js';

/*
 * Class sets name garments in the singular, as the templates speak of one. Labels of FashionGen are its category words in
 * lower case; of Fashion200k the first folder below `women/`; of Polyvore Outfits `semantic_category`.
 *
 * The keywords are what a shop says about a garment beside its category: parts, cuts, materials, patterns, colours, uses.
 */
const parts =
  'collar; hood; sleeve; short sleeve; long sleeve; cuff; pocket; button; zip; drawstring; waistband; hem; strap; lining; lace; belt';
const cuts =
  'v-neck; crew neck; scoop neck; turtleneck; sleeveless; racerback; slim fit; loose fit; cropped; high waist; wide leg; pleated; ankle length; knee length; maxi; mini; oversized';
const materials =
  'cotton; denim; leather; wool; linen; silk; knit; fleece; polyester; mesh; suede; velvet; satin; nylon; jersey; fur';
const patterns =
  'striped; floral; checked; plaid; polka dot; printed; graphic print; embroidered; ribbed; solid colour; camouflage; two-tone';
const colours = 'black; white; gray; navy; blue; red; green; yellow; orange; pink; purple; brown; beige';
const uses = 'running; yoga; gym; casual; formal; party; summer; winter; sport; workout; waterproof';
const words = (...lists: readonly string[]) => lists.flatMap((list) => list.split('; '));

export default defineDomain({
  name: 'fashion',
  summary: 'Photos of garments, shoes and accessories from shops and from phones.',
  classSets: {
    'fashion-mnist': classList(`
      T-shirt/top = t-shirt; Trouser = pair of trousers; Pullover = pullover; Dress = dress; Coat = coat; Sandal = sandal;
      Shirt = shirt; Sneaker = sneaker; Bag = bag; Ankle boot = ankle boot
    `),
    'fashion-mnist-numbers': classList(`
      0 = t-shirt; 1 = pair of trousers; 2 = pullover; 3 = dress; 4 = coat; 5 = sandal; 6 = shirt; 7 = sneaker; 8 = bag;
      9 = ankle boot
    `),
    fashion200k: classList(
      'dresses = dress; jackets = jacket; pants = pair of pants; skirts = skirt; tops = top',
    ),
    polyvore: classList(`
      accessories = accessory; all-body = dress or jumpsuit; bags = bag; bottoms = skirt or pair of pants; hats = hat;
      jewellery = piece of jewellery; outerwear = jacket or coat; scarves = scarf; shoes = pair of shoes;
      sunglasses = pair of sunglasses; tops = top
    `),
    fashiongen: classList(`
      backpacks = backpack; bag accessories = bag accessory; belts & suspenders = belt or suspenders; blankets = blanket;
      boat shoes & moccasins = boat shoe or moccasin; boots = boot; briefcases = briefcase; clutches & pouches = clutch or
      pouch; dresses = dress; duffle & top handle bags = top handle bag; duffle bags = duffle bag; espadrilles = espadrille;
      eyewear = pair of glasses; fine jewelry = piece of fine jewelry; flats = flat shoe; gloves = pair of gloves; hats = hat;
      heels = high-heeled shoe; jackets & coats = jacket or coat; jeans = pair of jeans; jewelry = piece of jewelry;
      jumpsuits = jumpsuit; keychains = keychain; lace ups = lace-up shoe; lingerie = piece of lingerie; loafers = loafer;
      messenger bags = messenger bag; messenger bags & satchels = satchel; monkstraps = monk strap shoe; pants = pair of
      pants; pocket squares & tie bars = pocket square or tie bar; pouches & document holders = document holder;
      sandals = sandal; scarves = scarf; shirts = shirt; shorts = pair of shorts; shoulder bags = shoulder bag; skirts = skirt;
      sneakers = sneaker; socks = pair of socks; suits & blazers = suit or blazer; sweaters = sweater; swimwear = swimwear;
      ties = tie; tops = top; tote bags = tote bag; travel bags = travel bag;
      underwear & loungewear = underwear or loungewear
    `),
    clothing: classList(`
      t-shirt; pants = pair of pants; longsleeve = long-sleeved shirt; shirt; dress; shorts = pair of shorts;
      shoes = pair of shoes; outwear = jacket or coat; hat; skirt
    `),
    magento: classList(`
      Pants = pair of pants; Hoodies & Sweatshirts = hoodie or sweatshirt; Jackets = jacket; Tees = t-shirt;
      Shorts = pair of shorts; Bras & Tanks = sports bra; Tanks = tank top
    `),
  },
  // the first is S-CLIP's only template; the others are ours
  templates: [
    'a photo of a {}.',
    'a product photo of a {}.',
    'a {} on a plain background.',
    'a person wearing a {}.',
    'a studio photo of a {} from an online shop.',
    'a close-up of a {}.',
  ],
  keywords: words(parts, cuts, materials, patterns, colours, uses),
  keywordRule: {
    method: 'nouns',
    nGram: 2,
    stopWords: ['machine', 'wash', 'dry', 'photo', 'image', 'product', 'style', 'look', 'comfort', 'line'],
    reason:
      'Descriptions of shops are long and praise; nouns pick parts and materials out of them. Care instructions stand in ' +
      'every text and show in no image.',
  },
  augmentation: {
    crop: [0.9, 1],
    mirror: true,
    reason:
      'A garment is the same seen in a mirror, and shops name no left or right. Crops stay large: a sleeve or a hem that ' +
      'the caption names is often at the edge. Colours are what captions are about, so they are never changed.',
  },
  sets: {
    fashion200k: {
      title: 'Fashion200k',
      layout: 'lists LABELS/{dress,jacket,pants,skirt,top}_{train,test}_detect_all.txt beside women/',
      splits: {train: 172_049, test: 29_789},
      classes: 'fashion200k',
      licence: 'Research only, no redistribution.',
      source: 'https://github.com/xthan/fashion-200k',
    },
    fashiongen: {
      title: 'FashionGen',
      layout: 'exported from fashiongen_256_256_{train,validation}.hdf5 as a table with images',
      splits: {all: 293_008},
      classes: 'fashiongen',
      licence: 'Research only, no redistribution.',
      source: 'https://fashion-gen.com',
    },
    polyvore: {
      title: 'Polyvore Outfits',
      layout: 'train_info.json, val_info.json (from the captions that FashionViL shares) beside images/',
      splits: {},
      classes: 'polyvore',
      licence: 'Listed as CC BY 4.0, gated for academic use; its authors do not own the images.',
      source:
        'https://huggingface.co/datasets/mvasil/polyvore-outfits and https://github.com/BrandonHanx/mmf (FashionViL)',
    },
    'fashion-mnist': {
      title: 'Fashion-MNIST',
      layout: 'one folder a class, or parquet with images',
      splits: {train: 60_000, test: 10_000},
      classes: 'fashion-mnist',
      licence: 'MIT.',
      source: 'https://github.com/zalandoresearch/fashion-mnist',
    },
  },
  licence:
    'No data is included. Fashion200k and FashionGen are for research only; the authors of Polyvore Outfits do not own its ' +
    'images; Fashion-MNIST is under the MIT licence.',
  references: [
    'Han et al., Automatic spatially-aware fashion concept discovery, 2017 (Fashion200k)',
    'Rostamzadeh et al., Fashion-Gen: The generative fashion dataset and challenge, arXiv:1806.08317',
    'Vasileva et al., Learning type-aware embeddings for fashion compatibility, 2018 (Polyvore Outfits)',
    'Xiao et al., Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms, arXiv:1708.07747',
    'Mo et al., S-CLIP: Semi-supervised vision-language learning using few specialist captions, arXiv:2305.14095',
  ],
});
