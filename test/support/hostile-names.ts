import fc from 'fast-check';

/** Parts that archives have been broken with: ways up, roots, drives, NUL, direction marks, escapes, and far too much. */
const hostileParts = [
  ...['..', '../..', '..\\..', './..', '/', '//server', '\\\\server', 'C:\\', 'd:/', '~', ''],
  ...['a\0b', '\u202egpj', '\u2066x', 'a\u001b[2J', 'con', 'a'.repeat(300), 'ﬁ', '\u0301', '．．'],
];

/** Names of entries as a hostile archive may write them. */
export const hostileName = fc
  .tuple(
    fc.array(fc.oneof(fc.constantFrom(...hostileParts), fc.string({maxLength: 12, unit: 'grapheme'})), {
      minLength: 1,
      maxLength: 6,
    }),
    fc.constantFrom('/', '\\', ''),
    fc.oneof(fc.constant(''), fc.constant('x'.repeat(5000))),
  )
  .map(([parts, between, long]) => `${parts.join(between)}${long}.jpg`);
