import {describe, expect, it} from 'vitest';
import {
  entropy,
  exactPlan,
  firstLargest,
  keywordTargetRow,
  type Similarities,
} from '../../src/app/plan-row.js';
import {metricValue} from '../../src/eval/bootstrap.js';
import {indexCaptions} from '../../src/eval/caption-index.js';
import {classWeights} from '../../src/eval/class-weights.js';
import type {Rows} from '../../src/eval/inner-products.js';
import {
  evaluateSquareRetrieval,
  evaluateRetrieval,
  type RetrievalDirection,
} from '../../src/eval/retrieval.js';
import {evaluateZeroShot, zeroShotLogits} from '../../src/eval/zero-shot.js';
import {readVectors} from '../support/s-clip-vectors.js';

type Matrix = number[][];

interface VectorCase<I, E> {
  readonly id: string;
  readonly inputs: I;
  readonly expected: E;
  readonly abs_tol: number;
}

interface PlanInputs {
  readonly similarity: Matrix;
  readonly logit_scale: number;
  readonly max_iterations: number;
}

interface DirectionVector {
  readonly ranks0: number[];
  readonly mean_rank: number;
  readonly median_rank: number;
  readonly 'R@1': number;
  readonly 'R@5': number;
  readonly 'R@10': number;
}

const cases = readVectors();

/** A case by id; the caller says what is in it. */
function vector<I, E>(id: string): VectorCase<I, E> {
  const found = cases.get(id);
  if (!found) throw new Error(`expected case ${id} in the vectors, got none`);
  return found as VectorCase<unknown, unknown> as VectorCase<I, E>;
}

function rows(vectors: Matrix): Rows {
  return {values: Float64Array.from(vectors.flat()), count: vectors.length, dim: vectors[0]!.length};
}

function similaritiesOf(matrix: Matrix): Similarities {
  return {values: Float64Array.from(matrix.flat()), rows: matrix.length, columns: matrix[0]!.length};
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(Math.abs(actual[i]! - value)).toBeLessThanOrEqual(tolerance));
}

describe('zero_shot_classifier', () => {
  const {inputs, expected, abs_tol} = vector<
    {template_features_A: Matrix; template_features_B: Matrix; image: Matrix; labels: number[]},
    {class_weights: Matrix; logits: Matrix; predictions: number[]; top1: number}
  >('zero_shot_classifier');
  const templates = [inputs.template_features_A, inputs.template_features_B];
  const count = templates[0]!.length;
  const dim = templates[0]![0]!.length;
  const byClass = Array.from({length: count}, (_, c) => templates.flatMap((features) => features[c]!)).flat();
  const weights = classWeights({features: byClass, classes: count, templates: 2, dim});
  const classes = {values: weights, count, dim};

  it('has the class weights', () => expectClose(weights, expected.class_weights.flat(), abs_tol));

  it('has the logits', () => {
    // the vector is written with 100 x: its own rounding is 1e-14 of 100
    expectClose(zeroShotLogits(rows(inputs.image), classes), expected.logits.flat(), 100 * abs_tol);
  });

  it('has the predictions and the accuracy', () => {
    const {predictions, acc1} = evaluateZeroShot({
      images: rows(inputs.image),
      classes,
      labels: inputs.labels,
    });
    expect([...predictions]).toEqual(expected.predictions);
    expect(metricValue(acc1)).toBe(expected.top1);
  });
});

describe('retrieval_metrics', () => {
  const {inputs, expected, abs_tol} = vector<
    {similarity: Matrix},
    {image_to_text: DirectionVector; text_to_image: DirectionVector}
  >('retrieval_metrics');
  const n = inputs.similarity.length;
  const identity = Array.from({length: n}, (_, i) => Array.from({length: n}, (_, k) => (i === k ? 1 : 0)));
  const columns = identity.map((_, j) => inputs.similarity.map((row) => row[j]!));
  const request = {
    images: rows(identity),
    texts: rows(columns),
    captions: indexCaptions(identity.map((_, i) => [`caption ${i}`])),
  };

  it.each([
    ['the s-clip protocol', evaluateSquareRetrieval(request)],
    [
      'the standard protocol, where one caption an image and no ties make it the same',
      evaluateRetrieval(request),
    ],
  ])('has ranks and recalls with %s', (_, measured) => {
    const directions: [RetrievalDirection, DirectionVector][] = [
      [measured.imageToText, expected.image_to_text],
      [measured.textToImage, expected.text_to_image],
    ];
    for (const [direction, truth] of directions) {
      for (const k of [1, 5, 10] as const) {
        expect(metricValue(direction.recall[k])).toBeCloseTo(truth[`R@${k}`], 12);
        expect([...Array.from(direction.recall[k].sums)]).toEqual(
          truth.ranks0.map((rank) => (rank < k ? 1 : 0)),
        );
      }
      expect(Math.abs(direction.meanRank - truth.mean_rank)).toBeLessThanOrEqual(abs_tol);
      expect(direction.medianRank).toBe(truth.median_rank);
    }
  });
});

describe('exact plans', () => {
  it.each(['ot_3x4_scale10', 'ot_3x4_scale100', 'ot_3x4_scale10_converged', 'ot_4x3_scale14', 'ot_uniform'])(
    '%s: plan, iterations, arg-max and entropy',
    (id) => {
      const {inputs, expected, abs_tol} = vector<
        PlanInputs,
        {
          plan: Matrix;
          iterations_done: number;
          transport_col_sums: number[];
          plan_argmax: number[];
          entropy_of_plan_rows: number[];
        }
      >(id);
      const similarities = similaritiesOf(inputs.similarity);
      const {columns, rows: count} = similarities;
      const options = {
        transport: 'ot',
        scale: inputs.logit_scale,
        iterations: inputs.max_iterations,
      } as const;
      const plan = exactPlan(similarities, options);
      expectClose(plan.rows, expected.plan.flat(), abs_tol);
      expect(plan.iterations).toBe(expected.iterations_done);
      expectClose(
        plan.demand,
        expected.transport_col_sums.map((sum) => sum * columns),
        abs_tol * columns,
      );
      const each = Array.from({length: count}, (_, i) => i);
      expect(each.map((i) => firstLargest(plan.rows, i * columns, columns))).toEqual(expected.plan_argmax);
      expectClose(
        each.map((i) => entropy(plan.rows.subarray(i * columns, (i + 1) * columns))),
        expected.entropy_of_plan_rows,
        abs_tol,
      );
    },
  );

  it('ot_underflow_fallback_fp32: solves what float32 gives up on', () => {
    const {inputs, expected, abs_tol} = vector<
      PlanInputs,
      {float64_plan: Matrix; float64_iterations_done: number}
    >('ot_underflow_fallback_fp32');
    const plan = exactPlan(similaritiesOf(inputs.similarity), {transport: 'ot', scale: inputs.logit_scale});
    expectClose(plan.rows, expected.float64_plan.flat(), abs_tol);
    expect(plan.iterations).toBe(expected.float64_iterations_done);
  });

  it('ot_vs_softmax_gap: transport and soft-max differ by what they should', () => {
    const {inputs, expected, abs_tol} = vector<
      PlanInputs,
      {softmax_plan: Matrix; max_abs_diff: number; mean_row_tv: number}
    >('ot_vs_softmax_gap');
    const similarities = similaritiesOf(inputs.similarity);
    const soft = exactPlan(similarities, {transport: 'soft', scale: inputs.logit_scale});
    const ot = exactPlan(similarities, {transport: 'ot', scale: inputs.logit_scale});
    expectClose(soft.rows, expected.softmax_plan.flat(), abs_tol);
    const gaps = [...ot.rows].map((weight, at) => Math.abs(weight - soft.rows[at]!));
    expect(Math.abs(Math.max(...gaps) - expected.max_abs_diff)).toBeLessThan(abs_tol);
    const variation = gaps.reduce((a, b) => a + b) / 2 / similarities.rows;
    expect(Math.abs(variation - expected.mean_row_tv)).toBeLessThan(abs_tol);
  });

  it('nn_assignments: hard and soft', () => {
    const {inputs, expected, abs_tol} = vector<PlanInputs, Record<'hard' | 'soft', Matrix>>('nn_assignments');
    for (const transport of ['hard', 'soft'] as const) {
      const plan = exactPlan(similaritiesOf(inputs.similarity), {transport, scale: inputs.logit_scale});
      expectClose(plan.rows, expected[transport].flat(), abs_tol);
    }
  });
});

describe('keyword targets', () => {
  it.each([
    ['keyword_targets', 'ratio'],
    ['keyword_targets_softmax_variant', 'softmax'],
  ] as const)('%s', (id, share) => {
    const {inputs, expected, abs_tol} = vector<
      {plan: Matrix; query: Matrix; keyword: Matrix; keyword_labels: Matrix; logit_scale?: number},
      {targets: Matrix; nearest?: number[]}
    >(id);
    inputs.plan.forEach((row, a) => {
      const nearest = firstLargest(row, 0, row.length);
      const query = inputs.query[a]!;
      const cosines = inputs.keyword.map((word) => word.reduce((sum, x, k) => sum + x * query[k]!, 0));
      const targets = keywordTargetRow(cosines, inputs.keyword_labels[nearest]!, {
        share,
        scale: inputs.logit_scale ?? 1,
      });
      expectClose(targets, expected.targets[a]!, abs_tol);
      if (expected.nearest) expect(nearest).toBe(expected.nearest[a]);
    });
  });
});
