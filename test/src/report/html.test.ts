import fc from 'fast-check';
import {parseHTML} from 'linkedom';
import {describe, expect, it} from 'vitest';
import {markup, markupOf} from '../../../src/report/html.js';
import {htmlPage, pngPicture, svgPicture} from '../../../src/report/html-page.js';
import {commandBlock, figureTable, pictureCards} from '../../../src/report/page-parts.js';

const attack = `"><script>alert(1)</script><img src=x onerror='alert(2)'>`;

/** What a browser would make of a page, as far as the test asks. */
function elements(page: string): {
  readonly tags: string[];
  readonly text: string;
  readonly attributes: string[];
  readonly attribute: (tag: string, name: string) => string;
} {
  const {document} = parseHTML(page) as unknown as {
    document: {
      querySelectorAll(selector: string): Iterable<{tagName: string; getAttributeNames(): string[]}>;
      querySelector(selector: string): {getAttribute(name: string): string} | null;
      documentElement: {textContent: string};
    };
  };
  return {
    tags: Array.from(document.querySelectorAll('*'), ({tagName}) => tagName.toLowerCase()),
    attributes: Array.from(document.querySelectorAll('*'), (element) => element.getAttributeNames()).flat(),
    text: document.documentElement.textContent,
    attribute: (tag, name) => document.querySelector(tag)!.getAttribute(name),
  };
}

describe('markup', () => {
  it('keeps any text as text, within elements and attributes', () => {
    fc.assert(
      fc.property(fc.string({unit: 'grapheme-ascii'}), (text) => {
        const made = markupOf(markup`<html><body title="${text}">${text}</body></html>`);
        const {tags, text: shown, attribute} = elements(made);
        expect(tags).toEqual(['html', 'body']);
        expect(shown).toBe(text);
        expect(attribute('body', 'title')).toBe(text);
      }),
    );
  });

  it('puts markup into markup as it is, lists one after the other', () => {
    const items = ['a', '<b>'].map((name) => markup`<li>${name}</li>`);
    expect(markupOf(markup`<ol>${items}</ol>`)).toBe('<ol><li>a</li><li>&lt;b&gt;</li></ol>');
  });

  it('takes an object that only looks like markup for none', () => {
    const forged = {markup: '<script>'} as unknown as string;
    expect(() => markupOf(markup`<p>${forged}</p>`)).not.toThrow();
    expect(markupOf(markup`<p>${forged}</p>`)).not.toContain('<script>');
  });
});

describe('a page', () => {
  const page = htmlPage({
    title: attack,
    lead: attack,
    sections: [
      {heading: attack, content: commandBlock([attack])},
      {heading: 'figures', content: figureTable([{label: attack, figures: {[attack]: {value: 0.5}}}])},
      {
        heading: 'pictures',
        content: pictureCards([
          {
            name: attack,
            png: Buffer.from('not read here'),
            captions: [{by: attack, lines: [{caption: attack, weight: 0.25}]}],
          },
        ]),
      },
      {heading: 'svg', content: svgPicture(`<svg><script>${attack}</script></svg>`, attack)},
      {heading: 'png', content: pngPicture(Buffer.from(attack), attack)},
    ],
  });

  it('holds no script and no handler, whatever is written in captions, names and labels', () => {
    const {tags, text, attributes} = elements(page);
    expect(tags).not.toContain('script');
    expect(tags.filter((tag) => tag === 'img')).toHaveLength(3);
    expect(attributes.filter((name) => name.startsWith('on'))).toEqual([]);
    expect(text.split(attack).length - 1).toBeGreaterThan(6);
  });

  it('forbids scripts and everything from elsewhere, and refers to nothing', () => {
    expect(elements(page).attribute('meta[http-equiv]', 'content')).toBe(
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'",
    );
    expect(page).not.toMatch(/\s(src|href)="(?!data:)|@import|url\(/);
  });
});
