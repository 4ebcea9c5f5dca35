import {z} from 'zod';
import {createPattern, patternSchema} from './hf-pattern.js';

/** The `normalizer` of a `tokenizer.json`, in the kinds that CLIP's tokenizers are made of. */
export type Normalizer = z.output<typeof normalizerSchema>;

const single = [
  z.object({type: z.enum(['NFC', 'NFD', 'NFKC', 'NFKD'])}),
  z.object({type: z.literal('Lowercase')}),
  z.object({type: z.literal('Replace'), pattern: patternSchema, content: z.string()}),
] as const;

export const normalizerSchema = z
  .discriminatedUnion('type', [
    ...single,
    z.object({type: z.literal('Sequence'), normalizers: z.array(z.discriminatedUnion('type', [...single]))}),
  ])
  .nullable();

/** What the normaliser does to a text. */
export function createNormalizer(normalizer: Normalizer): (text: string) => string {
  if (normalizer === null) return (text) => text;
  switch (normalizer.type) {
    case 'Sequence': {
      const steps = normalizer.normalizers.map(createNormalizer);
      return (text) => steps.reduce((normalized, step) => step(normalized), text);
    }
    case 'Lowercase':
      // Character by character: without context there is no other sigma at the end of a word.
      return (text) => text.replaceAll('Σ', 'σ').toLowerCase();
    case 'Replace': {
      const pattern = createPattern(normalizer.pattern);
      return (text) => text.replaceAll(pattern, () => normalizer.content);
    }
    default:
      return (text) => text.normalize(normalizer.type);
  }
}
