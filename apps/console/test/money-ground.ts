// A customer who pays: last month billed by a real run, part of the invoice paid, part credited, and a request that was refused.
import { pause } from '#libs/stack/children.js';
import { formatMonth, monthOf } from '#libs/time/month.js';
import type { CreditNoteAnswer, InvoiceAnswer } from './answers.js';
import { decimal } from './figures-on.js';
import type { Stand } from './stand.js';

export const CUSTOMER = 'org_paying';

export interface MoneyGround {
  /** Of the customer, for the sign-in form. */
  readonly key: string;
  /** As it was issued. */
  readonly invoice: InvoiceAnswer;
  readonly note: CreditNoteAnswer;
  /** "2026-10". */
  readonly month: string;
  /** The decision id of a refused request. */
  readonly refused: string;
}

/** The last month that is over with its day of grace; of it only its end can still be sent (35 days). */
function billable(now: number) {
  const previous = monthOf(monthOf(now).from - 1);
  return now >= previous.to + 86_400_000 ? previous : monthOf(previous.from - 1);
}

/** A list of other providers' prices, of this spec's own invention. */
export const PRICE_LIST = {
  source: 'own',
  as_of: '2026-10-01',
  title: 'Invented for this spec',
  url: 'https://prices.example/list',
  prices: {
    elsewhere: {
      'llama-3.3-70b-versatile': { on_demand: { input: '0.71', output: '0.93' } },
      'llama-3.1-70b-instruct': { on_demand: { input: '0.4', output: '0.5' } },
    },
    'far-away': {
      'meta.llama3-3-70b-instruct-v1:0': {
        on_demand: { input: '0.6', cached_input: '0.3', output: '0.6' },
      },
    },
  },
} as const;

export async function layMoney(stand: Stand): Promise<MoneyGround> {
  const key = await register(stand);
  await stand.call('POST', '/v1/price-lists', PRICE_LIST);
  const period = billable(Date.now());
  const at = period.to - 5 * 3_600_000;
  const usage = { organization: CUSTOMER, model: 'llama-3.3-70b-versatile' };
  await stand.send([
    { ...usage, at, tokens: { input: 40_000_001, cached_input: 333_333, output: 9_000_000 } },
    { ...usage, at: at + 60_000, tokens: { input: 1_000_003, output: 77 } },
    { ...usage, at: Date.now() - 2_000, tokens: { input: 120_000, output: 30_000 } },
  ]);
  const month = formatMonth(period);
  const invoice = await bill(stand, key, month);
  const of = `/v1/invoices/${invoice.number}`;
  await stand.call('POST', `${of}/payments`, {
    amount: '10.00',
    paid_at: new Date(Date.now() - 60_000).toISOString(),
    reference: 'wire 1',
  });
  const [dearest] = invoice.lines
    .filter(({ kind }) => kind === 'usage')
    .toSorted((a, b) => (decimal(a.amount) < decimal(b.amount) ? 1 : -1));
  const note = await stand.call('POST', `${of}/credit-notes`, {
    lines: [{ line: dearest?.line, amount: '1.50' }],
    reason: 'A slow afternoon',
  });
  const refused = await refuse(stand, key);
  return { key, invoice, note: note as unknown as CreditNoteAnswer, month, refused };
}

async function register(stand: Stand): Promise<string> {
  const account = `/v1/organizations/${CUSTOMER}`;
  await stand.call('PUT', account, {
    name: 'Delta Chat',
    currency: 'USD',
    tier: 'developer',
    profile: 'openai',
    legal_name: 'Delta Chat GmbH',
    email: 'billing@delta.example',
    address: 'Speicherstraße 9\n20457 Hamburg',
    tax_ids: ['DE123456789'],
  });
  await stand.call('PUT', `${account}/tax`, {
    rates: [{ name: 'VAT', percent: '19', jurisdiction: 'DE' }],
    effective_from: '2026-01-01T00:00:00Z',
  });
  await stand.call('POST', `${account}/credits`, {
    amount: '5.00',
    note: 'Welcome',
    expires_at: new Date(Date.now() + 90 * 86_400_000).toISOString(),
  });
  const made = await stand.call('POST', `${account}/api-keys`, {
    name: 'Console',
    scopes: ['admin'],
  });
  return String(made['key']);
}

// The log is read in order: a run before the usage has arrived would issue an empty month.
async function bill(stand: Stand, key: string, month: string): Promise<InvoiceAnswer> {
  const draft = `/v1/organizations/${CUSTOMER}/upcoming-invoice?period=${month}`;
  await until(async () => {
    const { lines } = (await stand.call('GET', draft)) as unknown as InvoiceAnswer;
    return lines.some(({ events }) => events === 2);
  });
  const run = await stand.call('POST', '/v1/billing-runs', {
    period: month,
    organizations: [CUSTOMER],
  });
  await until(async () => {
    const { state } = await stand.call('GET', `/v1/billing-runs/${String(run['id'])}`);
    return state === 'done';
  });
  const { data } = await stand.call('GET', '/v1/invoices', undefined, key);
  const [invoice] = data as InvoiceAnswer[];
  if (!invoice) throw new Error(`${month} was billed without an invoice`);
  return invoice;
}

// The bucket of a minute holds 300,000: the second of these does not fit.
async function refuse(stand: Stand, key: string): Promise<string> {
  for (const request_id of ['req-first', 'req-second']) {
    const answer = await fetch(`${stand.edge}/v1/reservations`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'idempotency-key': crypto.randomUUID(),
      },
      body: JSON.stringify({
        request_id,
        organization: CUSTOMER,
        model: 'llama-3.3-70b-versatile',
        project: 'chat',
        input_tokens: 120_000,
        max_output_tokens: 8_000,
      }),
    });
    if (answer.status === 429) return answer.headers.get('meterbook-decision-id') ?? '';
  }
  throw new Error('no request was refused');
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await isSo().catch(() => false)) return;
    await pause(100);
  }
  throw new Error('waited 20 s in vain');
}
