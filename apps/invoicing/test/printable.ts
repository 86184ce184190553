// Documents to print, for specs.
import type { PrintableDocument, Seller } from '../domain/printed-document.js';
import type { PrintableLine } from '../domain/printed-row.js';

export const PERIOD = { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' };

export const SELLER: Seller = {
  name: 'Inference Ltd.',
  address: '1 Meter Lane\nDublin 2',
  email: 'billing@inference.example',
  tax_ids: ['IE1234567X'],
};

/** A million input tokens of llama for 0.59 over November, unless the part says otherwise. */
export function printableLine(part: Partial<PrintableLine> = {}): PrintableLine {
  return {
    kind: 'usage',
    model: 'llama',
    service_tier: 'on_demand',
    adapter: null,
    pool: 'input',
    ...PERIOD,
    quantity: 1_000_000,
    price_per_million: '0.59',
    amount: '0.59',
    ...part,
  };
}

export function printable(part: Partial<PrintableDocument> = {}): PrintableDocument {
  return {
    number: 'MB-2026-000017',
    state: 'issued',
    organization: 'org_acme',
    bill_to: {
      name: 'Acme',
      legal_name: 'Acme GmbH',
      email: null,
      address: 'Street 12\n10115 Berlin',
      tax_ids: ['DE123456789'],
    },
    period: PERIOD,
    currency: 'USD',
    issued_at: '2026-12-02T08:00:00Z',
    due_at: '2027-01-01T08:00:00Z',
    lines: [printableLine()],
    subtotal: '1234.59',
    taxes: [],
    credits_applied: '0.00',
    total: '1234.59',
    amount_due: '1234.59',
    ...part,
  };
}
