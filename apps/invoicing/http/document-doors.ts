// The parts behind the doors of documents.
import type { Provider } from '@nestjs/common';
import type { Seller } from '../domain/printed-document.js';
import { DocumentPrinter, UNNAMED_SELLER } from './document-printer.js';
import { openPress, PdfPress } from './pdf-press.js';

/** What prints documents; the press ends with the app. */
export function documentProviders({ seller }: { readonly seller?: Seller }): Provider[] {
  const press = openPress();
  return [
    { provide: PdfPress, useValue: press },
    { provide: DocumentPrinter, useValue: new DocumentPrinter(press, seller ?? UNNAMED_SELLER) },
  ];
}
