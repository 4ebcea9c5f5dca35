import type {Plan} from '../../recipe/plan.js';
import {markup, type Html} from '../../report/html.js';
import {htmlPage, htmlTable, svgPicture, textCell, type PageSection} from '../../report/html-page.js';
import {intervalChart} from '../../report/interval-chart.js';
import {lossChart, type LossPoint} from '../../report/loss-chart.js';
import {commandBlock, figureTable, pictureCards, type CaptionedPicture} from '../../report/page-parts.js';
import {formatBytes} from '../../support/format-bytes.js';
import {runFolder} from '../training/run-folder.js';
import type {Environment} from '../training/environment.js';
import {adaptCommand, shellText} from './adapt-command.js';
import type {RunResult} from './run-report.js';

/** Everything that the page of a run shows. */
export interface RunPageContent {
  /** The folder of the run. */
  readonly run: string;
  readonly plan: Plan;
  readonly result: RunResult;
  readonly environment: Environment;
  readonly losses: readonly LossPoint[];
  readonly pictures: readonly CaptionedPicture[];
}

/** Metrics drawn: a chart of more is no picture any more, and the table has them all. */
const mostCharted = 12;

/** The report of a run as one HTML file. */
export async function runPage(content: RunPageContent): Promise<string> {
  const {plan, result, losses, pictures} = content;
  const {captioned, unpaired} = plan.counts;
  const methods = [plan.method, ...plan.with].map(({name}) => name).join(' + ');
  const sections: (PageSection | undefined)[] = [
    Object.keys(result.after).length === 0 ? unmeasuredSection(content) : await figureSection(result),
    losses.length === 0
      ? undefined
      : {heading: 'Losses', content: svgPicture(await lossChart(losses, methods), 'losses over the steps')},
    pictures.length === 0
      ? undefined
      : {
          heading: 'Uncaptioned images and the captions that transport gives them',
          content: sampleCards(pictures),
        },
    {heading: 'What was asked', content: askedTable(content)},
    {
      heading: 'The same again',
      content: commandBlock([`fewclip ${shellText(adaptCommand(plan))}`]),
    },
  ];
  return htmlPage({
    title: `${methods} on ${plan.captioned.path}`,
    lead: `${captioned} captioned and ${unpaired} uncaptioned images, ${plan.train.steps} steps, from ${plan.model.reference}. Run ${result.run.slice(0, 10)}.`,
    sections: sections.filter((section) => section !== undefined),
  });
}

function unmeasuredSection({run, plan}: RunPageContent): PageSection {
  const {model, domain} = plan;
  const command = [
    ...['eval', '--model', runFolder(run).model, '--baseline', model.reference],
    ...[...(domain === null ? [] : ['--domain', domain]), '--data', 'TEST_SET'],
  ];
  return {
    heading: 'Before and after',
    content: markup`<p>The run measured nothing: it was given no sets to evaluate. To measure it on images of your own:</p>
      ${commandBlock([`fewclip ${shellText(command)}`])}`,
  };
}

async function figureSection({before, after}: RunResult): Promise<PageSection> {
  const models = [
    {label: 'before', figures: before},
    {label: 'after', figures: after},
  ];
  const charted = Object.keys(after).slice(0, mostCharted);
  const points = models.flatMap(({label, figures}) =>
    charted.flatMap((figure) => (figures[figure] ? [{model: label, figure, ...figures[figure]}] : [])),
  );
  const chart = svgPicture(
    await intervalChart(points, 'Before and after'),
    'the figures of the table as a chart',
  );
  return {
    heading: 'Before and after',
    content: markup`${figureTable(models)}
      <p class="range">Percent with 95 % intervals (bootstrap over the images).</p>
      ${chart}`,
  };
}

function sampleCards(pictures: readonly CaptionedPicture[]): Html {
  return markup`<p>Drawn by the seed, not chosen: by the features of the model before the run and after it.</p>
    ${pictureCards(pictures)}`;
}

function uncaptionedText({counts, unpaired}: Plan, {unpairedOrder}: RunResult): string {
  const images = unpaired ? `${counts.unpaired} of ${unpaired.path}` : String(counts.unpaired);
  if (!unpairedOrder) return images;
  return `${images}, ${unpairedOrder === 'left-out' ? 'left out' : unpairedOrder}`;
}

function askedTable({plan, result, environment}: RunPageContent): Html {
  const {train, keywords} = plan;
  const rows: readonly (readonly [string, string])[] = [
    ['model', plan.model.reference],
    ['captioned images', `${plan.counts.captioned} of ${plan.captioned.path}`],
    ['uncaptioned images', uncaptionedText(plan, result)],
    ['domain', plan.domain ?? 'none'],
    [
      'keywords',
      `${keywords.list.length}, ${keywords.source}${keywords.oracle ? ', an oracle vocabulary' : ''}`,
    ],
    ['method', methodText(plan)],
    ['steps', `${train.steps} of ${train.batch} captioned and ${train.unpairedBatch} uncaptioned images`],
    [
      'learning rate',
      `${train.learningRate}, ${train.warmupSteps} steps of warm-up, weight decay ${train.weightDecay}`,
    ],
    ['seed', String(plan.seed)],
    ['engine', `${plan.engine}, ${plan.precision}`],
    [
      'machine',
      `${environment.processor}, ${environment.cores} cores, ${formatBytes(environment.memoryBytes)}; ${environment.system}`,
    ],
    ['versions', `fewclip ${environment.fewclip}, Node ${environment.node}`],
    ['started', environment.started],
    ['seconds', result.seconds.toFixed(1)],
    ['SHA-256 of the weights', result.weightsSha256],
  ];
  return htmlTable(
    [],
    rows.map(([name, value]) => [textCell(name), textCell(value)]),
  );
}

/** `s-clip (transport=ot, ...) + fd x 0.5 (...)`. */
function methodText({method, with: added}: Plan): string {
  const withParams = (name: string, params: Readonly<Record<string, unknown>>) => {
    const entries = Object.entries(params).map(([key, value]) => `${key}=${String(value)}`);
    return entries.length === 0 ? name : `${name} (${entries.join(', ')})`;
  };
  const others = added.map(({name, weight, params}) => withParams(`${name} x ${weight}`, params));
  return [withParams(method.name, method.params), ...others].join(' + ');
}
