// A document as a PDF answer: in the language that is wanted, under its own name.
import type { FastifyReply } from 'fastify';
import { type PrintableDocument, printDocument, type Seller } from '../domain/printed-document.js';
import { negotiateLanguage } from './language.js';
import type { PdfPress } from './pdf-press.js';

export const PDF_TYPE = 'application/pdf';

/** Who issues documents that do not say it themselves. */
export const UNNAMED_SELLER: Seller = { name: 'Meterbook' };

export class DocumentPrinter {
  constructor(
    private readonly press: PdfPress,
    private readonly seller: Seller,
  ) {}

  /** The PDF, and its headers on the reply; `acceptLanguage` is the header as it came. */
  async answer(
    document: PrintableDocument,
    acceptLanguage: string | undefined,
    reply: FastifyReply,
  ): Promise<Buffer> {
    const language = negotiateLanguage(acceptLanguage);
    const printed = printDocument(document, document.seller ?? this.seller, language);
    const bytes = await this.press.print(printed);
    void reply
      .type(PDF_TYPE)
      .header('content-language', language)
      .header('vary', 'accept, accept-language')
      .header('content-disposition', `inline; filename="${nameOf(document)}.pdf"`);
    return bytes;
  }
}

// Ids and numbers are of letters, digits, "-" and "_"; whatever else there may be is not put into a header.
function nameOf({ number, organization, period }: PrintableDocument): string {
  const name = number ?? `draft-${organization}-${period.from.slice(0, 7)}`;
  return name.replaceAll(/[^\w.-]/g, '_');
}
