import {publishedAugmentation, type Plan, type PlannedData} from '../../recipe/plan.js';

/**
 * The words of a command that makes a plan again, every number written out, so that defaults of another version change
 * nothing. Class sets that were chosen for keywords are not in a plan: the command then takes all class names.
 */
export function adaptCommand(plan: Plan): string[] {
  const {method, train} = plan;
  return [
    'adapt',
    ...option('model', plan.model.reference),
    ...option('domain', plan.domain),
    ...option('captioned', reference(plan.captioned)),
    ...option('label-ratio', plan.labelRatio),
    ...(plan.unpaired ? option('unpaired', reference(plan.unpaired)) : []),
    ...option('keywords', keywordFile(plan.keywords.source)),
    ...option('keyword-matching', plan.keywords.matching),
    ...option('augmentation', isPublished(plan.augmentation) ? 'published' : 'domain'),
    ...option('method', method.name),
    ...settings('', method.params),
    ...plan.with.flatMap(({name, weight, params}) => [
      ...option('with', `${name}:${weight}`),
      ...settings(`${name}.`, params),
    ]),
    ...(train.steps === 0 ? [] : option('steps', train.steps)),
    ...option('batch', train.batch),
    ...(train.unpairedBatch === 0 ? [] : option('unpaired-batch', train.unpairedBatch)),
    ...option('unpaired-order', plan.unpairedOrder),
    ...option('micro-batch', train.microBatch),
    ...option('lr', train.learningRate),
    ...option('warmup', train.warmupSteps),
    ...option('weight-decay', train.weightDecay),
    ...option('clip-norm', train.clipNorm),
    ...option('frozen', train.frozen),
    ...selectionOptions(plan.selection),
    ...option('seed', plan.seed),
    ...option('engine', plan.engine),
    ...option('precision', plan.precision),
    ...(plan.capture ? [] : ['--no-capture']),
    ...plan.evaluate.flatMap((set) => option('evaluate', reference(set))),
    ...option('checkpoint-every', plan.checkpointEvery),
  ];
}

/** A usual share is what held-out comes to where there are too few pairs to keep some back. */
function selectionOptions(selection: Plan['selection']): string[] {
  if (selection.rule === 'last') return option('select', 'last');
  const share = selection.rule === 'held-out' ? option('held-out-share', selection.share) : [];
  return [...option('select', 'held-out'), ...share];
}

/** A command as it is typed into a shell: words with other than plain characters in single quotes. */
export function shellText(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

function option(name: string, value: string | number | null): string[] {
  return value === null ? [] : [`--${name}`, String(value)];
}

function settings(prefix: string, params: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(params).flatMap(([name, value]) =>
    option('set', `${prefix}${name}=${String(value)}`),
  );
}

function reference({path, split}: Pick<PlannedData, 'path' | 'split'>): string {
  return split === null ? path : `${path}#${split}`;
}

/** Null: those of the domain, or none. */
function keywordFile(source: string): string | null {
  if (source === 'none' || source.startsWith('domain ')) return null;
  return source.startsWith('class names of ') ? 'class-names' : source;
}

function isPublished({crop: [least, largest], mirror}: Plan['augmentation']): boolean {
  const {crop} = publishedAugmentation;
  return least === crop[0] && largest === crop[1] && !mirror;
}
