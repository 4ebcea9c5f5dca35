import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {cleanText} from '../../../../src/model/tokenizer/clean-text.js';
import {fixText} from '../../../../src/model/tokenizer/fix-text.js';
import {looksLikeMojibake} from '../../../../src/model/tokenizer/mojibake-signs.js';
import {unescapeHtml} from '../../../../src/model/tokenizer/unescape-html.js';
import {goldenTokenizer} from '../../../support/golden-tokenizer.js';

const {cases} = goldenTokenizer();

describe('the text is what the reference makes of it, on every hard text', () => {
  it('fixText: ftfy.fix_text', () => {
    for (const {text, mended} of cases) expect(fixText(text), JSON.stringify(text)).toBe(mended);
  });

  it('unescapeHtml: html.unescape', () => {
    for (const {text, unescaped} of cases) expect(unescapeHtml(text), JSON.stringify(text)).toBe(unescaped);
  });

  it('cleanText: OpenCLIP', () => {
    for (const {text, cleaned} of cases) expect(cleanText(text), JSON.stringify(text)).toBe(cleaned);
  });
});

describe('properties', () => {
  it('printable ASCII without entities stays as it is', () => {
    const character = fc.integer({min: 0x20, max: 0x7e}).map((code) => String.fromCharCode(code));
    const text = fc.string({unit: character.filter((one) => one !== '&')});
    fc.assert(fc.property(text, (one) => fixText(one) === one));
  });

  it('words read in Windows-1252 by mistake come back', () => {
    const words = ['café', 'naïve façade', 'Häuser können groß sein', 'it’s', '“quoted”', '✔ done', '😀'];
    const decoder = new TextDecoder('windows-1252');
    for (const word of words) {
      const misread = decoder.decode(Buffer.from(word));
      expect(fixText(misread), misread).toBe(fixText(word));
    }
  });

  it('plain English, and accents as people write them, show no signs of mojibake', () => {
    for (const text of ['a small boat', 'café au lait', 'El Niño, ¿qué?', 'Ångström', 'Łódź', '10 °C ± 2']) {
      expect(looksLikeMojibake(text), text).toBe(false);
    }
  });

  it('cleaned text has no upper case and no white space but single inner spaces', () => {
    const text = fc.string({unit: fc.constantFrom(...'aB \t\n\u00a0\u3000&lt;É')});
    fc.assert(
      fc.property(text, (one) => {
        const cleaned = cleanText(one);
        expect(cleaned).toBe(cleaned.toLowerCase());
        expect(cleaned).toBe(cleaned.split(/\s+/).filter(Boolean).join(' '));
      }),
    );
  });
});
