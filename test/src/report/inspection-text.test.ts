import {describe, expect, it} from 'vitest';
import {distancesText, equivarianceText, headsText} from '../../../src/report/inspection-text.js';
import {landscapeText} from '../../../src/report/landscape-text.js';

const images = {origin: 'photos', count: 64, total: 210};

describe('headsText', () => {
  it('has a column a model, as long as its layers, and a dash for a single head', () => {
    const models = [
      {model: './before', layers: [{perQuery: 0.7, flattened: 0.65}]},
      {
        model: './after',
        layers: [
          {perQuery: 0.5, flattened: 0.4},
          {perQuery: NaN, flattened: NaN},
        ],
      },
    ];
    expect(headsText({images, models, picture: null}).split('\n')).toEqual([
      'Cosine between the attention of two heads, mean over queries (over whole maps): 64 of 210 images of photos',
      '  layer       ./before        ./after',
      '      1  0.700 (0.650)  0.500 (0.400)',
      '      2                         - (-)',
    ]);
  });
});

describe('distancesText and equivarianceText', () => {
  const models = [{model: './clip', layers: [{heads: [2, 4], mean: 3}]}];

  it('show the mean and the range of the heads', () => {
    expect(distancesText({images, models, picture: 'd.svg'})).toContain('3.0 (2.0 to 4.0)');
    expect(equivarianceText({images, models, picture: null})).toContain('3.00e+0 (2.00e+0 to 4.00e+0)');
  });

  it('name all images where all were seen, and the picture', () => {
    const text = distancesText({images: {...images, total: 64}, models, picture: 'd.svg'});
    expect(text).toContain(': 64 images of photos');
    expect(text).toMatch(/\n\nd\.svg$/);
  });
});

describe('landscapeText', () => {
  it('shows what the loss is, how it rises, and a cut through the model', () => {
    const losses = [
      [4, 3, 4],
      [3, 1, 3.5],
      [4, 2, 4],
    ];
    const landscape = {
      pairs: {origin: 'pairs', count: 32},
      steps: [-1, 0, 1],
      picture: null,
      models: [{model: './clip', centre: 1, lowest: 1, highest: 4, meanRise: 2.1667, losses}],
    };
    expect(landscapeText(landscape).split('\n')).toEqual([
      'Loss on 32 pairs of pairs around the model',
      '  model    centre   lowest  highest  mean rise',
      '  ./clip    1.000    1.000    4.000      2.167',
      '',
      'Along the first direction',
      '  step      -1.00    0.00    1.00',
      '  ./clip    3.000   1.000   2.000',
    ]);
  });
});
