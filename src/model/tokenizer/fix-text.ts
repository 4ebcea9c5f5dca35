import {decodeHTMLStrict} from 'entities/decode';
import {repairMojibake, replaceC1Controls} from './mojibake.js';
import {unescapeHtml} from './unescape-html.js';

/**
 * Mends text that went through careless hands, as `ftfy.fix_text` (6.3, default settings) does: HTML entities,
 * mojibake, ligatures, full-width letters, curly quotes, line breaks, lone surrogates, terminal escapes, control
 * characters, composition (NFC). Line by line, and until nothing changes.
 */
export function fixText(text: string): string {
  // A "<" says that this is markup, whose entities are meant: from there on they stay.
  let isMarkup = false;
  return text
    .split(/(?<=\n)/)
    .map((line) => {
      isMarkup ||= line.includes('<');
      return fixLine(line, isMarkup ? keep : unescapeWholeEntities);
    })
    .join('');
}

function fixLine(line: string, unescape: (text: string) => string): string {
  const fixes = [unescape, repairMojibake, replaceC1Controls, ...characterFixes];
  let current = line;
  for (;;) {
    const next = fixes.reduce((fixed, fix) => fix(fixed), current);
    if (next === current) return current;
    current = next;
  }
}

const keep = (text: string): string => text;

const characterFixes: ReadonlyArray<(text: string) => string> = [
  (text) => text.replace(ligature, (letter) => ligatures[letter] ?? letter),
  (text) => text.replace(/[\u3000\uff01-\uffef]/g, (c) => (c === '\u3000' ? ' ' : c.normalize('NFKC'))),
  (text) => text.replace(/[\u201c-\u201f]/g, '"').replace(/[\u02bc\u2018-\u201b]/g, "'"),
  (text) => text.replace(/\r\n|[\r\u2028\u2029\x85]/g, '\n'),
  (text) => text.replace(/\p{Surrogate}/gu, '\ufffd'),
  (text) => text.replace(terminalEscape, ''),
  (text) => text.replace(controlCharacter, ''),
  (text) => text.normalize('NFC'),
];

/** Latin letters that are one character for the sake of typography or of old encodings. */
const ligatures: Readonly<Record<string, string>> = {
  ...{Ĳ: 'IJ', ĳ: 'ij', ŉ: 'ʼn', Ǳ: 'DZ', ǲ: 'Dz', ǳ: 'dz', Ǆ: 'DŽ', ǅ: 'Dž', ǆ: 'dž'},
  ...{Ǉ: 'LJ', ǈ: 'Lj', ǉ: 'lj', Ǌ: 'NJ', ǋ: 'Nj', ǌ: 'nj'},
  ...{ﬀ: 'ff', ﬁ: 'fi', ﬂ: 'fl', ﬃ: 'ffi', ﬄ: 'ffl', ﬅ: 'ſt', ﬆ: 'st'},
};
const ligature = new RegExp(`[${Object.keys(ligatures).join('')}]`, 'g');

const terminalEscape = /\u{1b}\[[\p{Nd};]*[a-zA-Z]/gu; // eslint-disable-line no-control-regex -- ESC starts them

/** Those that show nothing: ASCII controls but white space, old Arabic and annotation marks, the byte order mark. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const controlCharacter = /[\0-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]/g;

/** Only entities that end in a semicolon ("this&not that" stays), and Latin ones written in capitals. */
function unescapeWholeEntities(text: string): string {
  return text.replace(/&#?[0-9A-Za-z]{1,24};/g, (entity) =>
    entity.startsWith('&#') ? wholeNumericEntity(entity) : namedEntity(entity),
  );
}

function wholeNumericEntity(entity: string): string {
  const character = unescapeHtml(entity);
  return character.includes(';') ? entity : character;
}

function namedEntity(entity: string): string {
  const character = decodeHTMLStrict(entity);
  if (character !== entity) return character;
  // "&EACUTE;" is no entity, "&eacute;" is: a name that went through capitals.
  const isInCapitals = entity === entity.toUpperCase() && unescapeHtml(entity) === entity;
  const lowerCase = entity.toLowerCase();
  const fromLowerCase = isInCapitals ? decodeHTMLStrict(lowerCase) : lowerCase;
  return fromLowerCase === lowerCase ? entity : fromLowerCase.toUpperCase();
}
