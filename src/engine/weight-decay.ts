const undecayed = ['bn', 'ln', 'bias', 'logit_scale'];

/**
 * Whether AdamW decays a weight, by S-CLIP's rule: not vectors and scalars, and no name that holds bn, ln, bias or
 * logit_scale. Embeddings, projections and kernels are decayed.
 */
export function isDecayed(name: string, rank: number): boolean {
  return rank >= 2 && !undecayed.some((part) => name.includes(part));
}
