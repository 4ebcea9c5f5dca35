import type {EvaluationResult, LateResult, Measured} from './evaluation-result.js';
import {recallCutoffs} from './retrieval.js';

/**
 * All measured fractions by CLIP_benchmark's names: `acc1`, `acc5`, `mean_per_class_recall`, the same of a head as
 * `classifier_acc1` and so on, and `text_retrieval_recall@K` (an image looks for its texts), `image_retrieval_recall@K` (a text looks for its images) and
 * `mean_average_precision` (an image looks for others of the same thing); what tokens score begins with `late_`.
 */
export function benchmarkMetrics({
  zeroShot,
  classifier,
  retrieval,
  late,
  imageSearch,
}: Omit<EvaluationResult, 'dataset' | 'seconds'>): Record<string, Measured> {
  const metrics: Record<string, Measured> = {};
  if (zeroShot) {
    metrics['acc1'] = zeroShot.acc1;
    if (zeroShot.acc5) metrics['acc5'] = zeroShot.acc5;
    metrics['mean_per_class_recall'] = zeroShot.meanPerClassRecall;
  }
  if (classifier) {
    metrics['classifier_acc1'] = classifier.acc1;
    if (classifier.acc5) metrics['classifier_acc5'] = classifier.acc5;
    metrics['classifier_mean_per_class_recall'] = classifier.meanPerClassRecall;
  }
  if (retrieval) {
    for (const k of recallCutoffs) metrics[`image_retrieval_recall@${k}`] = retrieval.textToImage.recall[k];
    for (const k of recallCutoffs) metrics[`text_retrieval_recall@${k}`] = retrieval.imageToText.recall[k];
  }
  for (const [name, measured] of Object.entries(late ? benchmarkMetrics(scoredOf(late)) : {})) {
    metrics[`late_${name}`] = measured;
  }
  if (imageSearch) metrics['mean_average_precision'] = imageSearch.meanAveragePrecision;
  return metrics;
}

/** The same fractions by the names of run events: `zeroshot.ucm.acc1`, `classifier.ucm.acc1`, `retrieval.ucm.image_to_text.R@1`, ... */
export function eventMetrics(result: EvaluationResult): Record<string, Measured> {
  const renamed = Object.entries(benchmarkMetrics(result)).map(([name, measured]) => {
    const [, late = '', plain = name] = /^(late_)?(.+)$/.exec(name) ?? [];
    return [`${late}${eventName(plain, result.dataset)}`, measured] as const;
  });
  return Object.fromEntries(renamed);
}

function eventName(name: string, dataset: string): string {
  if (name === 'mean_average_precision') return `image_search.${dataset}.mAP`;
  const [, queries, k] = /^(image|text)_retrieval_recall@(\d+)$/.exec(name) ?? [];
  if (queries !== undefined) {
    const direction = queries === 'image' ? 'text_to_image' : 'image_to_text';
    return `retrieval.${dataset}.${direction}.R@${k}`;
  }
  const [, ofHead] = /^classifier_(.+)$/.exec(name) ?? [];
  return ofHead === undefined ? `zeroshot.${dataset}.${name}` : `classifier.${dataset}.${ofHead}`;
}

function scoredOf({zeroShot, retrieval}: LateResult): Pick<EvaluationResult, 'zeroShot' | 'retrieval'> {
  return {...(zeroShot && {zeroShot}), ...(retrieval && {retrieval})};
}
