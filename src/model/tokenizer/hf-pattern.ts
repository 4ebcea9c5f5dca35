import {z} from 'zod';

/** A pattern of a `tokenizer.json`: a regular expression in Oniguruma's notation, or plain text. */
export const patternSchema = z
  .union([z.object({Regex: z.string()}), z.object({String: z.string()})])
  .refine((pattern) => !('Regex' in pattern) || isReadable(pattern.Regex), {
    error: 'expected a regular expression that JavaScript reads',
  });

/** The pattern as a global JavaScript expression. */
export function createPattern(pattern: z.output<typeof patternSchema>): RegExp {
  if ('Regex' in pattern) return new RegExp(toJavaScript(pattern.Regex), 'gu');
  return new RegExp(escapePattern(pattern.String), 'gu');
}

/** An expression that matches the text itself. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

function isReadable(expression: string): boolean {
  try {
    return Boolean(new RegExp(toJavaScript(expression), 'gu'));
  } catch {
    return false;
  }
}

/** White space is Unicode's: JavaScript's own adds the byte order mark and lacks U+0085. */
function toJavaScript(expression: string): string {
  return expression.replace(/\\(.)/gs, (escape, character) => {
    if (character === 's') return String.raw`\p{White_Space}`;
    return character === 'S' ? String.raw`\P{White_Space}` : escape;
  });
}
