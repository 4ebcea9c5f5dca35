import {resolve} from 'node:path';
import {batchesPerEpoch} from '../data/batch-order.js';
import type {Domain} from '../data/domain.js';
import {domainOf} from '../data/domain-data.js';
import {loadDomain} from '../data/load-domain.js';
import type {DataSet, ImageRow} from '../data/rows.js';
import {chooseClasses} from '../eval/class-choice.js';
import {placedSet, setReference} from '../eval/open-known-set.js';
import {resolveEngine} from '../engine/resolve-engine.js';
import {resolvePrecision} from '../engine/resolve-precision.js';
import {defaultTemplates} from '../eval/prompts.js';
import {readClipConfig} from '../model/checkpoint.js';
import type {ClipConfig} from '../model/clip-config.js';
import {loadTokenizer} from '../model/tokenizer.js';
import {resolveModel, type PullProgress} from '../model/model-reference.js';
import type {Needs} from '../methods/contract/needs.js';
import {partsNeeds, takesSteps, type Part} from '../methods/contract/parts.js';
import {publishedAugmentation, type Plan, type PlannedData} from '../recipe/plan.js';
import {defaultSteps, type Request} from '../recipe/request.js';
import {UserError} from '../support/errors.js';
import {formatBytes} from '../support/format-bytes.js';
import {dataNotices} from './data-notices.js';
import {dataReference, type DataReference} from './data-reference.js';
import {checkEvaluation} from './evaluate.js';
import {keywordsOf} from './keywords-of.js';
import {heldOutShare, plannedSelection} from './planned-selection.js';
import {plannedOutside} from './sides/planned-outside.js';
import {adamConstants} from './training/adam-constants.js';
import {modelFingerprint} from './training/model-fingerprint.js';
import {requestedParts} from './training/run-parts.js';
import {openTrainingData, type TrainingData, type TrainingSources} from './training/training-data.js';
import {usualRate} from './training/usual-rate.js';

/** Said of a set to measure whose labels are of another subject: what is forgotten elsewhere is measured so. */
function foreignNotice(path: string, {name}: Domain): string {
  return `evaluate: ${path}: the domain ${name} knows none of its labels, so they are its class names, in "${defaultTemplates[0]}"`;
}

/**
 * Turns a request into a plan: opens the data, finds the model, checks the method's parameters, and fixes every
 * number. Nothing is written.
 * @param onNotice told once for each thing that was decided otherwise than asked
 */
export async function makePlan(request: Request, onNotice: (message: string) => void): Promise<Plan> {
  const parts = await requestedParts(request);
  const needs = partsNeeds(parts);
  const domain = request.domain === undefined ? undefined : await loadDomain(request.domain);
  const folder = await resolveModel(request.model, {onNotice, onProgress: tenths(request.model, onNotice)});
  const config = await readClipConfig(folder);
  await loadTokenizer(folder, config.text);
  const {labelRatio, seed} = request;
  const from = sources(request, domain);
  const kept = heldOutShare(request, parts, config);
  const data = await openTrainingData({
    ...from,
    labelRatio,
    seed,
    heldOutShare: kept,
    classes: needs.classes,
  });
  const evaluate = await Promise.all(
    request.evaluate.map(async (set) => ({...(await placedEvaluation(set)), limit: null})),
  );
  const tests = [];
  for (const {path, split} of evaluate) {
    const {images, isForeign} = await checkEvaluation({data: path, split, domain, foreign: 'allowed'});
    if (isForeign) onNotice(foreignNotice(path, domain!));
    tests.push({path, images});
  }
  for (const notice of await dataNotices(data, tests)) onNotice(notice);
  const keywords = await plannedKeywords(request, needs, domain, onNotice);
  const sizes = {captioned: data.captioned.length, keywords: keywords.list.length};
  const outside = await plannedOutside(parts, {config, sizes, data}, (reference) =>
    resolveModel(reference, {onNotice, onProgress: tenths(reference, onNotice)}),
  );
  const engine = resolveEngine(request.engine, {onNotice});
  const capture = request.capture && engine === 'tensorflow';
  for (const {method} of parts.filter((part) => part.method.needs.unpaired && data.unpaired.length === 0)) {
    onNotice(`${method.name}: no uncaptioned images given, so it learns from the captioned ones alone`);
  }
  return {
    version: 1,
    domain: request.domain ?? null,
    model: {reference: request.model, folder, fingerprint: await modelFingerprint(folder)},
    captioned: plannedData(data.sets.captioned, from.split),
    labelRatio: request.labelRatio ?? null,
    unpaired: data.sets.unpaired ? plannedData(data.sets.unpaired, from.unpaired?.split) : null,
    counts: {captioned: data.captioned.length, unpaired: data.unpaired.length},
    keywords,
    classes: needs.classes ? plannedClasses(data, domain) : null,
    augmentation: plannedAugmentation(request, domain),
    ...plannedMethods(parts),
    outside,
    unpairedOrder: unpairedOrder(request, needs, data),
    train: trainNumbers(request, {config, data, takesSteps: takesSteps(parts)}, onNotice),
    selection: plannedSelection(kept, data, onNotice),
    seed: request.seed,
    engine,
    precision: resolvePrecision(request.precision, {engine, capture}),
    capture,
    evaluate: evaluate.map(({path, split, limit}) => ({path, split: split ?? null, limit})),
    checkpointEvery: request.checkpointEvery,
    evaluateEvery: null,
    imageCacheMiB: request.imageCacheMiB ?? null,
  };
}

/** As asked for, where uncaptioned images are read; only methods that give them captions leave it to the data. */
function unpairedOrder(
  {unpairedOrder: asked}: Request,
  {unpaired: reads, alike}: Needs,
  {unpaired}: Pick<TrainingData, 'unpaired'>,
): Plan['unpairedOrder'] {
  if (reads === undefined || unpaired.length === 0) return 'shuffled';
  return asked === 'auto' && alike !== true ? 'shuffled' : asked;
}

/** Tells each tenth of a download once. */
function tenths(reference: string, onNotice: (message: string) => void): (progress: PullProgress) => void {
  let told = -1;
  return ({doneBytes, totalBytes, bytesPerSecond}) => {
    const tenth = Math.floor((10 * doneBytes) / totalBytes);
    if (tenth === told) return;
    told = tenth;
    const [done, total, rate] = [doneBytes, totalBytes, bytesPerSecond].map(formatBytes);
    onNotice(`downloading ${reference}: ${done} of ${total}, ${rate}/s`);
  };
}

/** Where the images come from; a domain's own data when no captioned set is named. */
function sources(
  {captioned, split, unpaired}: Request,
  domain: Domain | undefined,
): Pick<TrainingSources, 'captioned' | 'split' | 'unpaired'> {
  const pool = unpaired === undefined ? undefined : placedReference(unpaired);
  if (captioned !== undefined) {
    const named = placedReference(captioned, split);
    return {captioned: named.path, split: named.split, unpaired: pool};
  }
  if (domain?.data === undefined) {
    throw new UserError('adapt: expected captioned images, got none', {
      tryThis: 'name them with --captioned PATH',
    });
  }
  const own = `domain:${domain.name}`;
  return {captioned: own, split, unpaired: pool ?? {path: own, split: undefined}};
}

/** An absolute path, so that a run can be resumed from any folder; a domain's own data stays as it is. */
function placed(path: string): string {
  return domainOf(path) === null ? resolve(path) : path;
}

/** A set by `PATH#split`, its path made absolute. */
function placedReference(reference: string, split?: string): DataReference {
  const {path, split: chosen} = dataReference(reference, split);
  return {path: placed(path), split: chosen};
}

/** As {@link placedReference}; a published set is named with its folder. */
async function placedEvaluation(reference: string): Promise<DataReference> {
  const {path, split} = dataReference(reference);
  const known = setReference(path);
  return known === null ? placedReference(reference) : {path: await placedSet(known), split};
}

function plannedMethods([first, ...others]: readonly Part[]): Pick<Plan, 'method' | 'with'> {
  const named = ({method, params}: Part) => ({name: method.name, params});
  return {
    method: named(first!),
    with: others.map((part) => ({...named(part), weight: part.weight})),
  };
}

function plannedData(set: DataSet<ImageRow>, split: string | undefined): PlannedData {
  return {path: set.origin, split: split ?? null, rows: set.rows.length, fingerprint: set.fingerprint};
}

async function plannedKeywords(
  request: Request,
  needs: Needs,
  domain: Domain | undefined,
  onNotice: (message: string) => void,
): Promise<Plan['keywords']> {
  const matching = request.keywordMatching;
  if (!needs.keywords) return {source: 'none', list: [], matching, oracle: false};
  const {source, list, oracle} = await keywordsOf(request.keywords, domain, onNotice);
  if (list.length === 0) {
    onNotice('no keywords given, so the keyword term is left out (--keywords FILE or --domain NAME)');
  }
  return {source, list: [...list], matching, oracle};
}

/** The classes of the captioned images, as evaluation would choose them. */
function plannedClasses({sets, captioned}: TrainingData, domain: Domain | undefined): Plan['classes'] {
  const labels = captioned.map(({label}) => label!);
  const chosen = chooseClasses({place: sets.captioned.origin, labels, domain});
  const templates = domain?.templates ?? defaultTemplates;
  const {set, names} = chosen;
  return {set, labels: [...chosen.labels], names: [...names], templates: [...templates]};
}

interface Trained {
  readonly config: ClipConfig;
  readonly data: TrainingData;
  readonly takesSteps: boolean;
}

function plannedAugmentation({augmentation}: Request, domain: Domain | undefined): Plan['augmentation'] {
  const own = augmentation === 'domain' ? domain?.augmentation : undefined;
  if (own === undefined) return publishedAugmentation;
  const [least, largest] = own.crop;
  return {crop: [least, largest], mirror: own.mirror};
}

function trainNumbers(
  request: Request,
  {config, data, takesSteps: trains}: Trained,
  onNotice: (message: string) => void,
): Plan['train'] {
  const batch = Math.min(request.batch, data.captioned.length);
  if (batch < request.batch) {
    onNotice(`batch: ${batch} instead of ${request.batch}, because there are ${batch} captioned images`);
  }
  const wanted = request.unpairedBatch ?? request.batch;
  const unpairedBatch = Math.min(wanted, data.unpaired.length);
  if (unpairedBatch < wanted && unpairedBatch > 0) {
    onNotice(
      `unpaired batch: ${unpairedBatch} instead of ${wanted}, because there are no more uncaptioned images`,
    );
  }
  const steps = trains ? stepCount(request, batchesPerEpoch(data.captioned.length, batch)) : 0;
  if (!trains && (request.steps ?? request.epochs) !== undefined) {
    onNotice(`steps: none, because ${request.method} is solved on the model as it is`);
  }
  return {
    steps,
    batch,
    unpairedBatch,
    microBatch: microBatch(request, config),
    learningRate: request.learningRate ?? usualRate(config),
    warmupSteps: Math.min(request.warmupSteps, steps),
    ...adamConstants(config),
    weightDecay: request.weightDecay,
    clipNorm: request.clipNorm ?? null,
    frozen: request.frozen,
  };
}

function stepCount({steps, epochs}: Request, perEpoch: number): number {
  return epochs === undefined ? (steps ?? defaultSteps) : Math.max(1, Math.round(epochs * perEpoch));
}

/** @throws UserError for a ResNet, whose batch norm is over the whole batch */
function microBatch({microBatch: size}: Request, {vision}: ClipConfig): number | null {
  if (size === undefined || vision.kind === 'vit') return size ?? null;
  throw new UserError('--micro-batch: expected a vision transformer, got a ResNet', {
    tryThis: 'a smaller --batch: batch norm takes its statistics over all images at once',
  });
}
