import {defineDomain} from '../src/data/domain.js';
import {backgrounds, colours, sceneLabel, shapes} from '../src/data/shape-scene.js';
import {toyData} from '../src/data/toy-data.js';

/** Few enough to be drawn in about a second, enough for a small CLIP to learn from scratch. */
const sizes = {captioned: 384, unpaired: 256, test: 120};

const classes = colours.flatMap((colour) => shapes.map((shape) => sceneLabel({colour, shape})));

export default defineDomain({
  name: 'toy',
  summary: 'Coloured shapes on textured paper, drawn from a seed: needs no files.',
  classSets: {drawings: {names: Object.fromEntries(classes.map((name) => [name, name]))}},
  templates: ['a {} on a plain background', 'paper with one {} on it', 'a drawing of one {}'],
  keywords: [...shapes, ...colours, ...backgrounds],
  licence: 'Drawn by this program: no rights reserved (CC0).',
  references: [],
  data: toyData(0, sizes),
});
