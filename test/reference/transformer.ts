/** Transformers as CLIP has them, one sequence at a time in plain float64 loops. */

/** Numbers by name, row-major. */
export type Numbers = Readonly<Record<string, ArrayLike<number>>>;

/** Rows of equal length. */
export type Rows = readonly (readonly number[])[];

export interface BlockOptions {
  readonly heads: number;
  readonly epsilon: number;
  readonly activation: 'gelu' | 'quick_gelu';
  readonly causal: boolean;
  /** What the attention and the MLP branch are multiplied by; default 1. */
  readonly branches?: readonly [number, number];
}

export function toRows(flat: ArrayLike<number>, width: number): number[][] {
  return Array.from({length: flat.length / width}, (_, i) =>
    Array.from({length: width}, (_, j) => flat[i * width + j]!),
  );
}

/** (x - mean) / sqrt(variance + epsilon), scaled and shifted. */
export function layerNormRow(
  row: readonly number[],
  gamma: ArrayLike<number>,
  beta: ArrayLike<number>,
  epsilon: number,
): number[] {
  const mean = row.reduce((sum, x) => sum + x, 0) / row.length;
  const variance = row.reduce((sum, x) => sum + (x - mean) ** 2, 0) / row.length;
  return row.map((x, j) => ((x - mean) / Math.sqrt(variance + epsilon)) * gamma[j]! + beta[j]!);
}

/** W x + b with W [out, in]. */
export function linearRow(
  row: readonly number[],
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
): number[] {
  return Array.from({length: bias.length}, (_, o) =>
    row.reduce((sum, x, i) => sum + x * weight[o * row.length + i]!, bias[o]!),
  );
}

/** x M with M [in, out]. */
export function projectRow(row: readonly number[], matrix: ArrayLike<number>): number[] {
  const outputs = matrix.length / row.length;
  return Array.from({length: outputs}, (_, o) =>
    row.reduce((sum, x, i) => sum + x * matrix[i * outputs + o]!, 0),
  );
}

export function softmax(logits: readonly number[]): number[] {
  const top = Math.max(...logits);
  const powers = logits.map((x) => Math.exp(x - top));
  const total = powers.reduce((sum, x) => sum + x, 0);
  return powers.map((x) => x / total);
}

/** Each query's average of the values, by head; query i sees key j where `sees` says so. */
export function attend(
  {q, k, v}: {readonly q: Rows; readonly k: Rows; readonly v: Rows},
  heads: number,
  sees: (query: number, key: number) => boolean = () => true,
): number[][] {
  const width = q[0]!.length / heads;
  return q.map((query, i) => {
    const output: number[] = [];
    for (let h = 0; h < heads; h++) {
      const columns = Array.from({length: width}, (_, j) => h * width + j);
      const logits = k.map((key, j) =>
        sees(i, j) ? columns.reduce((sum, c) => sum + query[c]! * key[c]!, 0) / Math.sqrt(width) : -Infinity,
      );
      const share = softmax(logits);
      for (const c of columns) output.push(v.reduce((sum, value, j) => sum + share[j]! * value[c]!, 0));
    }
    return output;
  });
}

/** Abramowitz and Stegun 7.1.5, the power series; exact to rounding for the arguments of these tests. */
export function erf(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-18; n++) {
    term *= -(x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

export function activate(x: number, activation: BlockOptions['activation']): number {
  return activation === 'gelu' ? 0.5 * x * (1 + erf(x / Math.SQRT2)) : x / (1 + Math.exp(-1.702 * x));
}

/** One pre-norm residual block over the rows of a sequence. */
export function block(x: Rows, weights: Numbers, prefix: string, options: BlockOptions): number[][] {
  const [attention, mlp] = options.branches ?? [1, 1];
  const w = (name: string): ArrayLike<number> => weights[`${prefix}.${name}`]!;
  const norm = (row: readonly number[], name: string): number[] =>
    layerNormRow(row, w(`${name}.weight`), w(`${name}.bias`), options.epsilon);
  const width = x[0]!.length;
  const qkv = x.map((row) => linearRow(norm(row, 'ln_1'), w('attn.in_proj_weight'), w('attn.in_proj_bias')));
  const part = (i: number): Rows => qkv.map((row) => row.slice(i * width, (i + 1) * width));
  const attended = attend(
    {q: part(0), k: part(1), v: part(2)},
    options.heads,
    (i, j) => !options.causal || j <= i,
  );
  return x.map((row, i) => {
    const out = linearRow(attended[i]!, w('attn.out_proj.weight'), w('attn.out_proj.bias'));
    const middle = row.map((value, c) => value + attention * out[c]!);
    const hidden = linearRow(norm(middle, 'ln_2'), w('mlp.c_fc.weight'), w('mlp.c_fc.bias'));
    const active = hidden.map((value) => activate(value, options.activation));
    const last = linearRow(active, w('mlp.c_proj.weight'), w('mlp.c_proj.bias'));
    return middle.map((value, c) => value + mlp * last[c]!);
  });
}

export function blocks(
  x: Rows,
  weights: Numbers,
  prefix: string,
  options: BlockOptions & {readonly layers: number; readonly paths?: readonly number[]},
): Rows {
  let rows = x;
  for (let i = 0; i < options.layers; i++) {
    const branches = [options.paths?.[2 * i] ?? 1, options.paths?.[2 * i + 1] ?? 1] as const;
    rows = block(rows, weights, `${prefix}resblocks.${i}`, {...options, branches});
  }
  return rows;
}
