import {defineBench, type Bench} from '../bench.js';
import {pythonOption} from '../support/peer-python.js';
import {textOf} from '../support/values.js';
import adapt from './adapt.js';
import embed from './embed.js';
import methods from './methods.js';
import pool from './pool.js';
import start from './start.js';
import train from './train.js';

/** The short ones first. */
const benches: readonly Bench[] = [start, pool, embed, methods, adapt, train];

export default defineBench({
  name: 'all',
  summary: 'All of these but gpu, one after the other: hours.',
  options: {
    ...pythonOption,
    json: {type: 'string', value: 'PREFIX', text: 'write all figures to PREFIX-NAME.json'},
    quick: {type: 'boolean', text: 'minutes; the figures mean little'},
  },
  async run(values) {
    const prefix = textOf(values, 'json');
    for (const bench of benches) {
      await bench.run({...values, json: prefix === undefined ? undefined : `${prefix}-${bench.name}.json`});
    }
  },
});
