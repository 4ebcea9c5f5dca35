import {join} from 'node:path';
import {markup, type Html} from '../../report/html.js';
import {htmlPage, htmlTable, numberCell, svgPicture, textCell} from '../../report/html-page.js';
import {intervalChart} from '../../report/interval-chart.js';
import {lossChart} from '../../report/loss-chart.js';
import {
  commandBlock,
  differenceTable,
  figureTable,
  pictureCards,
  type CaptionedPicture,
} from '../../report/page-parts.js';
import {percent} from '../../report/figure.js';
import {lossPoints} from '../report/loss-points.js';
import {runFolder} from '../training/run-folder.js';
import type {TryReport} from './try-report.js';

/** The report of a try as one HTML file. */
export async function tryPage(report: TryReport, pictures: readonly CaptionedPicture[]): Promise<string> {
  const {images, steps, batch, model, seconds, seed, engine, models, differences} = report;
  const charts = [];
  for (const label of ['clip', 's-clip'])
    charts.push(await lossPicture(join(report.folder, `${label}-seed0`), label));
  return htmlPage({
    title: 'fewclip try: emoji, with one caption in ten',
    lead: `${model}, adapted to ${images.captioned} captioned and ${images.unpaired} uncaptioned drawings, measured on ${images.test} others.`,
    sections: [
      {
        heading: 'Before, and after each method',
        content: markup`<p>${report.verdict}</p>
          ${figureTable(models)}
          <p class="range">Percent with 95 % intervals (bootstrap over the images).</p>
          ${await figureChart(report)}`,
      },
      {
        heading: 'Differences',
        content: markup`${differenceTable(differences.map(({better, than, figures}) => ({label: `${better} - ${than}`, figures})))}
          <p class="range">
            Percentage points with 95 % intervals, paired on the same images. Coloured: the interval leaves
            out 0.
          </p>`,
      },
      {
        heading: 'Uncaptioned pictures and the captions they are given',
        content: markup`<p>
            Drawn by the seed, not chosen. S-CLIP shares the captions of the captioned drawings out among the
            uncaptioned ones by optimal transport. No drawing has a caption of its own to be given: a good one
            names something alike.
          </p>
          ${pictureCards(pictures)}`,
      },
      {heading: 'Groups that are recognised', content: classTable(report)},
      {heading: 'Losses', content: markup`${charts}`},
      {
        heading: 'How it was made',
        content: markup`<p>
          Both methods: ${steps} steps of ${batch} captioned images, seed ${seed}, the same data in the same
          order (${report.budget} budget, ${engine}). ${seconds.toFixed(0)} s in all.
        </p>`,
      },
      {heading: 'Next, with your own images', content: commandBlock(report.next)},
    ],
  });
}

async function figureChart({models}: TryReport): Promise<Html> {
  const points = models.flatMap(({label, figures}) =>
    Object.entries(figures).map(([figure, measured]) => ({model: label, figure, ...measured})),
  );
  return svgPicture(await intervalChart(points, 'Held-out drawings'), 'the figures of the table as a chart');
}

async function lossPicture(run: string, label: string): Promise<Html> {
  const chart = await lossChart(await lossPoints(runFolder(run).metrics), label);
  return svgPicture(chart, `loss of ${label} over the steps`);
}

/** The share of each group that each model recognises. */
function classTable({models}: TryReport): Html {
  const [first] = models;
  return htmlTable(
    ['group', 'drawings', ...models.map(({label}) => label)],
    first!.classes.map(({name, images}) => [
      textCell(name),
      numberCell(String(images)),
      ...models.map(({classes}) => {
        const own = classes.find((other) => other.name === name);
        return numberCell(own === undefined ? '' : percent(own.recall));
      }),
    ]),
  );
}
