import { inflateSync } from 'node:zlib';
import { Font } from '@react-pdf/renderer';
import { printable, printableLine, SELLER } from '../test/printable.js';
import { printDocument } from '../domain/printed-document.js';
import { drawable, FAMILIES, loadFonts } from './pdf-fonts.js';
import { renderPdf } from './pdf-render.js';

/** The page count as the document's own tree has it. */
function pagesOf(pdf: Buffer): number {
  return Number(/\/Type \/Pages\s+\/Count (\d+)/.exec(pdf.toString('latin1'))?.[1]);
}

/** How many glyphs are shown on all pages. */
function glyphsOf(pdf: Buffer): number {
  const text = pdf.toString('latin1');
  let count = 0;
  for (const { index, 0: head } of text.matchAll(/\/FlateDecode\s*>>\s*stream\r?\n/g)) {
    const start = index + head.length;
    const end = text.indexOf('endstream', start);
    try {
      const content = inflateSync(pdf.subarray(start, end)).toString('latin1');
      for (const [, shown = ''] of content.matchAll(/<([0-9a-f]+)>/g)) count += shown.length / 4;
    } catch {
      // A font or an image: not a page.
    }
  }
  return count;
}

describe('a PDF', () => {
  const print = async (part: Parameters<typeof printable>[0], language: 'en' | 'ar' = 'en') =>
    renderPdf(printDocument(printable(part), SELLER, language));

  it('is the same bytes for the same document', async () => {
    const [first, second] = [await print({}), await print({})];
    expect(first.subarray(0, 5).toString()).toBe('%PDF-');
    expect(first.equals(second)).toBe(true);
    expect(first.equals(await print({ amount_due: '1234.60' }))).toBe(false);
  });

  it('holds all text of a page, in either language', async () => {
    const billTo = { name: 'شركة أكمي للذكاء الاصطناعي (Acme AI Ltd.)', address: 'الرياض 12345' };
    for (const language of ['en', 'ar'] as const) {
      const pdf = await print({ bill_to: billTo }, language);
      expect([pagesOf(pdf), glyphsOf(pdf) > 300]).toEqual([1, true]);
    }
  });

  it('embeds every font that it uses, marks of direction included', async () => {
    const fonts = async (language: 'en' | 'ar') => {
      const pdf = await print(
        { bill_to: { name: `أكمي ${'long-name-'.repeat(9)}`, tax_ids: ['12-3456789'] } },
        language,
      );
      const names = pdf.toString('latin1').matchAll(/\/BaseFont \/(?:[A-Z]{6}\+)?([\w-]+)/g);
      return [...new Set([...names].map(([, name = '']) => name))].toSorted();
    };
    for (const language of ['en', 'ar'] as const)
      expect(await fonts(language)).toEqual([
        'IBMPlexSans-Regular',
        'IBMPlexSans-SemiBold',
        ...(language === 'ar' ? ['IBMPlexSansArabic-Regular'] : []),
        'IBMPlexSansArabic-SemiBold',
      ]);
  });

  it('runs over as many pages as its lines need', async () => {
    const lines = Array.from({ length: 60 }, (_, index) =>
      printableLine({ model: `llama-${index}` }),
    );
    expect(pagesOf(await print({ lines }))).toBe(4);
  });

  it('marks what no font can draw instead of drawing something else', async () => {
    await loadFonts();
    expect(drawable('Acme شركة Ελλάδα Россия')).toBe('Acme شركة Ελλάδα Россия');
    expect(drawable('株式会社 😀')).toBe('\ufffd\ufffd\ufffd\ufffd \ufffd');
  });

  it('draws nothing for the mark that keeps ids whole in Arabic lines', async () => {
    await loadFonts();
    for (const fontFamily of FAMILIES) {
      const font = Font.getFont({ fontFamily, fontWeight: 400 })?.data;
      const [mark, space] = [0x200e, 0x20].map((code) => font?.glyphForCodePoint(code));
      expect([mark?.id, mark?.advanceWidth]).toEqual([space?.id, 0]);
    }
  });
});
