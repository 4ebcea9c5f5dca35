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
    ['uncaptioned', `${counts.unpaired} images${plan.unpairedOrder === 'matched' ? ', matched' : ''}`],
    ['keywords', keywordText(plan.keywords)],
    ...(plan.classes ? [classRow(plan.classes)] : []),
    ['images', augmentationText(plan.augmentation)],
    ...stepRows(train),
    ['leaves', selectionText(plan.selection)],
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

function stepRows(train: PreparedRun['plan']['train']): [string, string][] {
  if (train.steps === 0) return [['steps', 'none: the method is solved on the model as it is']];
  const {steps, batch, unpairedBatch, learningRate, warmupSteps, weightDecay, frozen} = train;
  return [
    ['steps', `${steps}, ${batch} captioned + ${unpairedBatch} uncaptioned images each`],
    ['rate', `${learningRate}, warm-up ${warmupSteps} steps, then cosine; weight decay ${weightDecay}`],
    ['frozen', frozen],
  ];
}

function selectionText(selection: PreparedRun['plan']['selection']): string {
  if (selection.rule === 'last') return 'the last weights';
  if (selection.rule === 'usual')
    return 'a usual mixture of those before and after, without pairs to choose by';
  return `the mixture of before and after that suits ${selection.pairs} captioned images kept back`;
}

function classRow({set, labels, templates}: NonNullable<PreparedRun['plan']['classes']>): [string, string] {
  return ['classes', `${labels.length} (${set}), ${templates.length} templates`];
}

function augmentationText({crop: [least, largest], mirror}: PreparedRun['plan']['augmentation']): string {
  return `crops of ${least} to ${largest} of the area${mirror ? ', every second one mirrored' : ''}`;
}

function keywordText({list, source, matching, oracle}: PreparedRun['plan']['keywords']): string {
  if (list.length === 0) return 'none';
  const rule = matching === 'exact' ? 'matched exactly, as published' : 'matched as words';
  return `${list.length} from ${source}, ${rule}${oracle ? ' (oracle vocabulary)' : ''}`;
}

function methodText({name, params}: PreparedRun['plan']['method']): string {
  const values = Object.entries(params).map(([param, value]) => `${param} ${String(value)}`);
  return values.length === 0 ? name : `${name} (${values.join(', ')})`;
}
