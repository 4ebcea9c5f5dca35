import type {PreparedRun} from '../app/adapt.js';

/** A plan as a page for people: what would be trained on what, and what would be written. */
export function planText({plan, path}: PreparedRun): string {
  const {train, counts} = plan;
  const rows: [string, string][] = [
    ['method', methodText(plan.method)],
    ...plan.with.map((added): [string, string] => [
      'with',
      `${added.weight === 1 ? '' : `${added.weight} x `}${methodText(added)}`,
    ]),
    ['model', `${plan.model.reference} (${plan.model.fingerprint.slice(0, 10)})`],
    ['captioned', `${counts.captioned} images of ${plan.captioned.path}`],
    ['uncaptioned', `${counts.unpaired} images`],
    ['keywords', `${plan.keywords.list.length} from ${plan.keywords.source}`],
    ['steps', `${train.steps}, ${train.batch} captioned + ${train.unpairedBatch} uncaptioned images each`],
    [
      'rate',
      `${train.learningRate}, warm-up ${train.warmupSteps} steps, then cosine; weight decay ${train.weightDecay}`,
    ],
    ['frozen', train.frozen],
    ['seed', String(plan.seed)],
    ['engine', `${plan.engine}, ${plan.precision}${plan.capture ? ', captured' : ''}`],
    [
      'evaluate',
      plan.evaluate.map(({path: set, split}) => (split ? `${set}#${split}` : set)).join(', ') || 'nothing',
    ],
    [
      'writes',
      `${path}/: plan.json, environment.json, events.ndjson, metrics.csv, checkpoints/, model/, result.json`,
    ],
  ];
  return rows.map(([name, value]) => `${name.padEnd(12)} ${value}`).join('\n');
}

function methodText({name, params}: PreparedRun['plan']['method']): string {
  const values = Object.entries(params).map(([param, value]) => `${param} ${String(value)}`);
  return values.length === 0 ? name : `${name} (${values.join(', ')})`;
}
