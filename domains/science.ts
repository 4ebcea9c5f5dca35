import {classList} from '../src/data/class-list.js';
import {defineDomain} from '../src/data/domain.js';

/*
 * Figures of papers and textbooks. The published keyword lists for SciCap are ruled by caption boilerplate ("Figure",
 * "Fig.", "Figure Figure"); the list here is what figures show: kinds of plots, their parts, relations, physics, statistics.
 */
const plots =
  'bar chart; box plot; scatter plot; histogram; line graph; pie chart; heat map; contour; flow chart; block diagram; tree diagram; venn diagram; table; map; photograph; diagram; number line';
const parts =
  'x-axis; y-axis; horizontal axis; vertical axis; axis; legend; label; arrow; dashed line; dotted line; solid line; curve; line; point; circle; triangle; rectangle; angle; grid; coordinate plane; origin; error bar';
const relations =
  'increasing; decreasing; parallel; perpendicular; intersecting; shaded; maximum; minimum; slope; intercept; asymptote; parabola; symmetric; equal; upward; downward';
const physics =
  'force; velocity; acceleration; magnetic field; electric field; current; wave; lens; mirror; circuit; resistor; capacitor; battery; mass; spring; pulley; energy; charge; electron; light; temperature; pressure';
const mathematics =
  'function; equation; polynomial; matrix; vector; graph; probability; distribution; normal curve; mean; standard deviation; frequency; percentage; data; accuracy; loss; algorithm; network';
const words = (...lists: readonly string[]) => lists.flatMap((list) => list.split('; '));

export default defineDomain({
  name: 'science',
  summary: 'Figures of scientific papers and textbooks: plots, diagrams, drawings.',
  classSets: {
    docfigure: classList(`
      3D objects = three-dimensional object; Algorithm = algorithm; Area chart = area chart; Bar plots = bar chart;
      Block diagram = block diagram; Box plot = box plot; Bubble Chart = bubble chart; Confusion matrix = confusion matrix;
      Contour plot = contour plot; Flow chart = flow chart; Geographic map = geographic map; Graph plots = line graph;
      Heat map = heat map; Histogram = histogram; Mask = segmentation mask; Medical images = medical image;
      Natural images = photograph; Pareto charts = pareto chart; Pie chart = pie chart; Polar plot = polar plot;
      Radar chart = radar chart; Scatter plot = scatter plot; Sketches = sketch; Surface plot = surface plot;
      Tables = table; Tree Diagram = tree diagram; Vector plot = vector plot; Venn Diagram = venn diagram
    `),
    openstax: classList(`
      college-algebra-bundle = algebra; university-physics-bundle = physics; introductory-statistics-bundle = statistics
    `),
  },
  templates: [
    'a figure that shows a {}.',
    'a {} in a scientific paper.',
    'a {} from a textbook.',
    'a scientific figure about {}.',
    'a diagram of {}.',
  ],
  keywords: words(plots, parts, relations, physics, mathematics),
  keywordRule: {
    method: 'nouns',
    nGram: 2,
    stopWords: [
      ...[
        'figure',
        'fig',
        'figures',
        'figs',
        'image',
        'picture',
        'illustration',
        'part',
        'panel',
        'left',
        'right',
        'top',
      ],
      ...['bottom', 'side', 'text', 'example', 'sub', 'subscript', 'case', 'result', 'results', 'method'],
    ],
    reason:
      'Captions open with boilerplate and are long; nouns find what is drawn. Words of reference (figure, panel, left) say ' +
      'nothing about the image.',
  },
  augmentation: {
    crop: [0.95, 1],
    mirror: false,
    reason:
      'Text and axes must stay readable: mirrored letters are none, and a crop that cuts the axis labels off takes away what ' +
      'the caption explains.',
  },
  sets: {
    scicap: {
      title: 'SciCap',
      layout: 'SciCap-Caption-All/{train,val,test}/*.json beside SciCap-No-Subfig-Img/',
      splits: {train: 106_834, val: 13_354, test: 13_355},
      licence: 'CC BY-NC-SA 4.0: non-commercial.',
      source: 'https://github.com/tingyaohsu/SciCap',
    },
    docfigure: {
      title: 'DocFigure',
      layout: 'one folder a class',
      splits: {},
      classes: 'docfigure',
      licence: 'Research only.',
      source: 'https://cvit.iiit.ac.in/usodi/Docfig.php',
    },
    openstax: {
      title: 'OpenStax textbook figures',
      layout: 'a table with the columns file, alt, caption and module: SET?caption-key=alt, split by module',
      splits: {all: 4588},
      licence: 'CC BY 4.0, OpenStax.',
      source: 'https://openstax.org',
    },
  },
  licence:
    'No data is included. SciCap is CC BY-NC-SA 4.0 (non-commercial); figures of OpenStax are CC BY 4.0.',
  references: [
    'Hsu et al., SciCap: Generating captions for scientific figures, arXiv:2110.11624',
    'Jobin et al., DocFigure: A dataset for scientific document figure classification, 2019',
    'Mo et al., S-CLIP: Semi-supervised vision-language learning using few specialist captions, arXiv:2305.14095',
  ],
});
