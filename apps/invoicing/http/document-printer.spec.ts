import type { FastifyReply } from 'fastify';
import type { Printed } from '../domain/printed-document.js';
import { printable, printableLine, SELLER } from '../test/printable.js';
import { DocumentPrinter } from './document-printer.js';
import { PdfPress } from './pdf-press.js';

/** Gives the seller's name and the language of what it was to print. */
class TellingPress extends PdfPress {
  override async print({ seller, language }: Printed): Promise<Buffer> {
    return Buffer.from(`${seller.name} ${language}`);
  }
}

function answer(part: Parameters<typeof printable>[0], language?: string) {
  const headers: Record<string, string> = {};
  const reply = {
    type: () => reply,
    header: (name: string, value: string) => {
      headers[name] = value;
      return reply;
    },
  };
  const printer = new DocumentPrinter(new TellingPress(), SELLER);
  const bytes = printer.answer(printable(part), language, reply as unknown as FastifyReply);
  return { bytes, headers };
}

describe('the printer of documents', () => {
  it('takes the seller that the document names, else the one of the settings', async () => {
    expect(String(await answer({}).bytes)).toBe('Inference Ltd. en');
    expect(String(await answer({ seller: { name: 'Other Ltd.' } }, 'ar').bytes)).toBe(
      'Other Ltd. ar',
    );
  });

  it('puts nothing into a header that is no plain name', async () => {
    const { bytes, headers } = answer({ number: 'MB"\r\nx: 1' });
    await bytes;
    expect(headers['content-disposition']).toBe('inline; filename="MB___x__1.pdf"');
  });

  it('refuses what would be hundreds of pages, and says what to take instead', async () => {
    const lines = Array.from({ length: 5_001 }, () => printableLine());
    await expect(answer({ lines }).bytes).rejects.toMatchObject({
      status: 406,
      code: 'too_long_to_print',
      message: 'The document has 5001 lines, a PDF at most 5000: take it as JSON or CSV.',
    });
  });
});
