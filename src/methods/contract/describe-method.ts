import {describeParameters, type ParameterDescription} from './describe-parameters.js';
import type {Citation, Formula, Method} from './method.js';
import {supervisedFormula} from './supervised.js';

/** One term of an objective, in words and symbols. */
export interface TermDescription {
  readonly name: string;
  /** A number, or the parameter that is the weight. */
  readonly weight: number | string;
  readonly value: string;
}

/** All that a method says about itself, as plain data. */
export interface MethodDescription {
  readonly name: string;
  readonly summary: string;
  readonly cites: readonly Citation[];
  readonly differs: string;
  /** What it reads: captioned images, and what else. */
  readonly reads: readonly string[];
  readonly parameters: readonly ParameterDescription[];
  /** The sum of the terms: `contrastive + captionWeight * caption`; null for a method that takes no steps. */
  readonly objective: string | null;
  /** What is solved behind the last step; null: nothing. */
  readonly solved: string | null;
  readonly terms: readonly TermDescription[];
  /** The symbols in the terms and what they stand for. */
  readonly symbols: Readonly<Record<string, string>>;
}

/** What the formulas of all methods are written in. */
const symbols: Readonly<Record<string, string>> = {
  I: 'embeddings of the captioned images of a batch, one a row, of unit length',
  T: 'embeddings of their captions',
  C: 'embeddings of prompts with the names of the classes',
  Q: 'embeddings of the uncaptioned images',
  W: 'embeddings of the keywords',
  I0: 'I of the model before the run, which is frozen',
  T0: 'T of the model before the run, which is frozen',
  Q0: 'Q of the model before the run, which is frozen',
  s0: 's of the model before the run, which is frozen',
  s: 'exp(logit_scale)',
  CE: 'CE(Z, diag): mean over the rows of -log softmax(Z_r)_r',
  SCE: 'SCE(Z, P): mean over the rows of -sum_j P_rj log softmax(Z_r)_j',
};

/** All terms of a method by itself, the loss on the pairs first; none of a method that takes no steps. */
export function wholeFormula({steps, formula: {pairs = supervisedFormula, terms = {}}}: Method): Formula {
  return steps === false ? {} : {...pairs, ...terms};
}

export function describeMethod(method: Method): MethodDescription {
  const {name, summary, cites, differs, needs} = method;
  const terms = Object.entries(wholeFormula(method)).map(([term, {weight, value}]) => ({
    name: term,
    weight,
    value,
  }));
  const solved = method.formula.solved ?? null;
  const sum = terms.map(({name: term, weight}) => (weight === 1 ? term : `${weight} * ${term}`)).join(' + ');
  const text = [...terms.map(({value}) => value), solved].join('\n');
  return {
    name,
    summary,
    cites,
    differs,
    reads: [
      'captioned images',
      ...(needs.unpaired === 'images' ? ['uncaptioned images'] : []),
      ...(needs.keywords === true ? ['keywords'] : []),
      ...(needs.classes === true ? ['classes of the captioned images'] : []),
    ],
    parameters: describeParameters(method),
    objective: terms.length === 0 ? null : sum,
    solved,
    terms,
    symbols: symbolsIn(text),
  };
}

/** The symbols that stand in formulas, and what they stand for. */
export function symbolsIn(text: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(symbols).filter(([symbol]) => new RegExp(`\\b${symbol}\\b`).test(text)),
  );
}
