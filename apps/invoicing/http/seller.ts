// Who issues documents, from the environment.
import type { Environment } from '#libs/config/environment.js';
import type { Seller } from '../domain/printed-document.js';
import { UNNAMED_SELLER } from './document-printer.js';

/**
 * INVOICE_SELLER_NAME, INVOICE_SELLER_ADDRESS (lines parted by a line break or by `\n` as two characters), INVOICE_SELLER_EMAIL,
 * INVOICE_SELLER_TAX_IDS (parted by commas).
 */
export function sellerFrom(environment: Environment): Seller {
  const taxIds = environment.optional('INVOICE_SELLER_TAX_IDS') ?? '';
  return {
    name: environment.text('INVOICE_SELLER_NAME', UNNAMED_SELLER.name),
    email: environment.optional('INVOICE_SELLER_EMAIL') ?? null,
    address: environment.optional('INVOICE_SELLER_ADDRESS')?.replaceAll('\\n', '\n') ?? null,
    tax_ids: taxIds
      .split(',')
      .map((id) => id.trim())
      .filter((id) => id !== ''),
  };
}
