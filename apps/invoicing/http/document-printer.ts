// A document as a PDF answer: in the language that is wanted, under its own name.
import type { FastifyReply } from 'fastify';
import { Problem } from '#libs/http/problem.js';
import { type PrintableDocument, printDocument, type Seller } from '../domain/printed-document.js';
import { negotiateLanguage } from './language.js';
import type { PdfPress } from './pdf-press.js';

export const PDF_TYPE = 'application/pdf';

/** About 200 pages and 15 s of computing; more is for machines to read. */
const MOST_LINES = 5_000;

/** Who issues documents that do not say it themselves. */
export const UNNAMED_SELLER: Seller = { name: 'Meterbook' };

export class DocumentPrinter {
  constructor(
    private readonly press: PdfPress,
    private readonly seller: Seller,
  ) {}

  /** Problem 406 `too_long_to_print` above 5,000 lines. The PDF, and its headers on the reply; `acceptLanguage` is the header as it came. */
  async answer(
    document: PrintableDocument,
    acceptLanguage: string | undefined,
    reply: FastifyReply,
  ): Promise<Buffer> {
    const { length } = document.lines;
    if (length > MOST_LINES)
      throw new Problem(
        406,
        'too_long_to_print',
        `The document has ${length} lines, a PDF at most ${MOST_LINES}: take it as JSON or CSV.`,
      );
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
