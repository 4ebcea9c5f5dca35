import type {ClipConfig} from './clip-config.js';
import {sizeOf} from './parameter-shapes.js';

/** How the values of one weight are drawn. */
export type Initialisation =
  | {readonly kind: 'constant'; readonly value: number}
  | {readonly kind: 'normal'; readonly deviation: number}
  /** Uniform in [-bound, bound). */
  | {readonly kind: 'uniform'; readonly bound: number}
  /** 1 on the diagonal of a matrix, 0 beside it. */
  | {readonly kind: 'identity'};

const constant = (value: number): Initialisation => ({kind: 'constant', value});
const normal = (deviation: number): Initialisation => ({kind: 'normal', deviation});
const uniform = (bound: number): Initialisation => ({kind: 'uniform', bound});

type Rule = (config: ClipConfig, shape: readonly number[]) => Initialisation;

const fanIn: Rule = (_, shape) =>
  uniform((shape.length === 4 ? sizeOf(shape.slice(0, 3)) : shape[1]!) ** -0.5);
const visionScale: Rule = ({vision}) => normal(vision.width ** -0.5);
const attentionPoolScale: Rule = ({vision}) => normal((32 * vision.width) ** -0.5);
const textScale: Rule = ({text}) => normal(text.width ** -0.5);
const textResidualScale: Rule = ({text}) => normal((2 * text.width * text.layers) ** -0.5);

/**
 * CLIP's initialisation as OpenCLIP has it: the text tower by width and depth (Radford et al. 2021, section 2.4),
 * the vision tower by PyTorch's defaults. The first rule whose pattern fits a name counts.
 */
const rules: readonly (readonly [RegExp, Rule])[] = [
  [/^logit_scale$/, () => constant(Math.log(1 / 0.07))],
  [/^token_embedding\.weight$/, () => normal(0.02)],
  [/^positional_embedding$/, () => normal(0.01)],
  [/^text_projection$/, textScale],
  [/^transformer\..*in_proj_weight$/, textScale],
  [/^transformer\..*(out_proj|c_proj)\.weight$/, textResidualScale],
  [/^transformer\..*c_fc\.weight$/, ({text}) => normal((2 * text.width) ** -0.5)],
  [/^visual\.(class_embedding|positional_embedding|proj)$/, visionScale],
  [/^visual\.attnpool\.(positional_embedding|[kqvc]_proj\.weight)$/, attentionPoolScale],
  [/in_proj_weight$/, ({vision}) => uniform((6 / (4 * vision.width)) ** 0.5)],
  // a residual block starts as its shortcut
  [/^visual\.layer.*bn3\.weight$/, () => constant(0)],
  [/(ln_\w+|bn\d|downsample\.1)\.weight$/, () => constant(1)],
  [/(ln_\w+|bn\d|downsample\.1|out_proj)\.bias$|in_proj_bias$/, () => constant(0)],
  [/\.weight$/, fanIn],
];

/** How a weight is drawn, by its name and shape; `shapes` are those of all weights. */
export function initialisationOf(
  config: ClipConfig,
  name: string,
  shapes: Readonly<Record<string, readonly number[]>>,
): Initialisation {
  const rule = rules.find(([pattern]) => pattern.test(name))?.[1];
  if (rule) return rule(config, shapes[name]!);
  // what is left are biases of linear layers, bounded as their weights are
  return fanIn(config, shapes[name.replace(/bias$/, 'weight')]!);
}
