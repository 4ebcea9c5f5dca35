import {sentenceTerminals, wordHyphens} from './text-signs.js';
import {yakeWords} from './words.js';

/*
 * The sentence rules of segtok 1.5 (Leitner, MIT licence), which YAKE reads texts with: a sentence ends at a terminal
 * sign before a space, but not after an abbreviation or an initial, not inside short brackets, and not where the next
 * words go on with it.
 */
const upper = String.raw`[\p{Lu}\p{Lt}]\p{Lm}?`;
const abbreviations =
  String.raw`approx Capt cf Col Dr f\.?e figs? Gen e\.?g i\.?e i\.?v Mag med Mr Mrs Mt nat No nr p\.e phil prof rer
sci Sgt Sr Sra Srta St univ vol vs z\.B Jän Jan Ene Feb Mär Mar Apr Abr May Jun Jul Aug Sep Sept Oct Okt Nov Dic Dez
Dec E\.U U\.K U\.S`.split(/\s+/);
const capitalised = abbreviations.map((text) => text[0]!.toUpperCase() + text.slice(1).toLowerCase());
const title = String.raw`(?:[Bb]y|[Cc](?:aptain|ommander)|[Dd]o[ck]tor|[Gg]eneral|[Mm](?:ag)?is(?:ter|s)|[Pp]rofessor|[Ss]eñor(?:it)?a?)\s`;
const amongAuthors = String.raw`(?:(?<!\b\p{Lu}\p{Lm}?),(?:\sand)?|(?<!\b[\p{Lu},]\p{Lm}?)\sand)\s`;

const patterns = {
  end: String.raw`([${sentenceTerminals}]['’"”]?[\])]*\s+|\n{2,})`,
  abbreviation: String.raw`(?:\b(?:${[...abbreviations, ...capitalised].join('|')})|^\S|^\d+|(?:\b${title}|${amongAuthors}|[[(])(?:${upper}\.[${wordHyphens}]?)?${upper})$`,
  loneWord: String.raw`^\p{Ll}+[\p{Ll}\p{Nd}${wordHyphens}]*$`,
  dateDigits: String.raw`\b[0123]?[0-9]$`,
  month: String.raw`^(?:J[äa]n|Ene|Feb|M[äa]r|A[pb]r|May|Jun|Jul|Aug|Sep|O[ck]t|Nov|D[ei][cz]|0?[1-9]|1[012])`,
  middleInitial: String.raw`\b\p{Lu}\p{Ll}+[^\p{L}\p{N}_]+\p{Lu}$`,
  upperWord: String.raw`^\p{Lu}\p{Ll}+(?![\p{L}\p{N}_])`,
  beforeLower: String.raw`(?:[${sentenceTerminals}]"[)\]]*|[${sentenceTerminals}][)\]]+|\bspp\.|(?<![\p{L}\p{N}_])\p{L}\p{Ll}?\.)\s+$`,
  lowerWord: String.raw`^\p{Ll}+[${wordHyphens}]?\p{Ll}*(?![\p{L}\p{N}_])`,
  continuation: String.raw`^(?:a(?:nd|re)|b(?:etween|y)|from|has|i(?:nto|s)|o[fr]|t(?:han|hat|hrough)|via|w(?:as|ere|hether|ith))\b`,
  nameInBrackets: String.raw`(?<![\p{L}\p{N}_])[\p{Lu}\p{Lt}]\p{L}*\.\s+$`,
  goesOnInBrackets: String.raw`^(?:(?:\(\d{4}\)\s)?[\p{Lu}\p{Lt}]\p{L}*|\d+)[.,:]\s+`,
};

type Rules = Readonly<Record<keyof typeof patterns, RegExp>>;

/** Shorter parts with an open bracket are no sentences of their own. */
const shortSentence = 55;

/** The words of all captions as one text, a caption a line, as YAKE's package reads it. */
export function textSentences(captions: readonly string[]): string[][] {
  const lines = captions.join('\n').replaceAll('\n\t', ' ').split('\n');
  // a line goes on with the one before unless it begins with a capital letter
  const text = lines.map((line) => `${/^\s*[A-Z]/.test(line) ? '\n\n' : ' '}${line.replaceAll('\t', ' ')}`);
  return splitSentences(text.join(''), compiledRules()).map(yakeWords);
}

/** The words of captions, each a text of its own: no phrase goes from one caption into the next. */
export function captionSentences(captions: readonly string[]): string[][] {
  const rules = compiledRules();
  return captions.flatMap((caption) => splitSentences(caption, rules).map(yakeWords));
}

function compiledRules(): Rules {
  const entries = Object.entries(patterns).map(([name, source]) => [name, new RegExp(source, 'u')]);
  return Object.fromEntries(entries) as Rules;
}

/** The sentences of a text, stripped, none empty. */
function splitSentences(text: string, rules: Rules): string[] {
  const sentences: string[] = [];
  let last: string | undefined;
  for (const piece of wholePieces(text, rules)) {
    if (last === undefined) last = piece;
    else if (goesOn(last, piece, rules)) last += piece;
    else {
      sentences.push(last);
      last = piece;
    }
  }
  if (last !== undefined) sentences.push(last);
  return sentences.map((sentence) => sentence.trim()).filter((sentence) => sentence !== '');
}

/** The text cut after each terminal, but not after abbreviations, initials and dates. */
function wholePieces(text: string, rules: Rules): string[] {
  const spans = text.split(rules.end);
  const pieces: string[] = [];
  let piece = '';
  for (let i = 0; i < spans.length; i += 2) {
    const [body, end, next] = [spans[i]!, spans[i + 1] ?? '', spans[i + 2] ?? ''];
    piece += body + end;
    if (end !== '' && isSentenceEnd(body, end, next, rules)) {
      pieces.push(piece);
      piece = '';
    }
  }
  return piece === '' ? pieces : [...pieces, piece];
}

function isSentenceEnd(body: string, end: string, next: string, rules: Rules): boolean {
  if (/\s$/u.test(body)) return false;
  if (!end.startsWith('.')) return true;
  if (rules.abbreviation.test(body)) return false;
  if (next === '') return true;
  const isDate = rules.dateDigits.test(body) && rules.month.test(next);
  const isName = rules.middleInitial.test(body) && rules.upperWord.test(next);
  return !(rules.loneWord.test(next) || isDate || isName);
}

/** Whether a piece belongs to the sentence before it. */
function goesOn(last: string, piece: string, rules: Rules): boolean {
  if (rules.beforeLower.test(last) && rules.lowerWord.test(piece)) return true;
  const isShort = piece.length < shortSentence || last.length < shortSentence;
  const isName = rules.nameInBrackets.test(last) && rules.goesOnInBrackets.test(piece);
  const closes = (open: string, close: string) =>
    isShort &&
    openBrackets(last, open, close) > 0 &&
    (openBrackets([...piece].reverse().join(''), close, open) > 0 || last.endsWith(' et al. ') || isName);
  return closes('(', ')') || closes('[', ']') || rules.continuation.test(piece);
}

/** How many brackets are open at the end of a text, counted from the first that opens. */
function openBrackets(text: string, open: string, close: string): number {
  let nesting = 0;
  for (const sign of text.slice(Math.max(0, text.indexOf(open)))) {
    if (sign === open) nesting += 1;
    else if (sign === close) nesting -= 1;
  }
  return text.includes(open) ? nesting : 0;
}
