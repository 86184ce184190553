import { writeFile } from 'node:fs/promises';
import { rows } from '#libs/database/database.js';
import { formatExact, parseMoney } from '#libs/money/money.js';
import { DAY_MS } from '#libs/time/instant.js';
import { metered } from '#libs/usage/test/metered.js';
import type { InvoiceDocument } from '../domain/invoice-document.js';
import { type Door, openDoor } from './door.js';
import { NOON } from './log-writer.js';
import { CLOSABLE, Stand, until } from './stand.js';

const PATH = '/v1/exports/focus';

/** Splits RFC 4180 text into records by its own header. */
function read(text: string): Record<string, string>[] {
  const cells = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  const records: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(cells)) {
    records.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === '\r\n') records.push([]);
  }
  const [header = [], ...bodies] = records.slice(0, -1);
  return bodies.map((row) =>
    Object.fromEntries(header.map((name, index) => [name, row[index] ?? ''])),
  );
}

describe('the FOCUS export', () => {
  let stand: Stand;
  let door: Door;
  let acme: string;
  let usage: string;
  let text: string;
  let all: Record<string, string>[];
  let invoices: InvoiceDocument[];
  let decemberText: string;

  async function bill(period: string): Promise<void> {
    const body = JSON.stringify({ period });
    const run = await door.call('/v1/billing-runs', { method: 'POST', body });
    await until(async () => {
      const { body: seen } = await door.call(`/v1/billing-runs/${run.body.id}`);
      return seen.state === 'done';
    });
  }

  beforeAll(async () => {
    stand = await Stand.open();
    door = await openDoor(stand);
    await stand.publish();
    await stand.register('org_acme', 'team');
    await stand.register('org_free', 'free');
    await stand.register('org_dev');
    acme = await stand.key('org_acme');
    usage = await stand.key('org_acme', ['usage:read']);
    const place = (organization: string) => ({ organization });
    await stand.meter([
      metered('a', { at: NOON, quantities: { input: 1_000_001 }, project: 'chat' }),
      metered('b', { at: NOON + DAY_MS, quantities: { output: 3 }, project: '=cmd()' }),
      metered('c', { at: NOON, quantities: { input: 777, cached_input: 5 } }, place('org_free')),
      metered('d', { at: NOON, quantities: { input: 333 } }, place('org_dev')),
      metered('e', { at: NOON + 2 * DAY_MS, quantities: { output: 334 } }, place('org_dev')),
    ]);
    await stand.caughtUp();
    stand.now = CLOSABLE;
    await bill('2026-11');
    ({ text } = await door.call(`${PATH}?period=2026-11`));
    all = read(text);
    invoices = (await door.call('/v1/invoices?period=2026-11')).body.data;
  });
  afterAll(async () => {
    await door.close();
    await stand.close();
  });

  it('sums to what is payable on each invoice, to the last digit', () => {
    expect(invoices).toHaveLength(3);
    for (const invoice of invoices) {
      const own = all.filter((row) => row['InvoiceId'] === invoice.number);
      const sum = own.reduce((total, row) => total + parseMoney(row['BilledCost'] ?? ''), 0n);
      expect([invoice.number, formatExact(sum)]).toEqual([
        invoice.number,
        formatExact(parseMoney(invoice.total)),
      ]);
      expect(own.every((row) => row['BillingAccountId'] === invoice.organization)).toBe(true);
    }
  });

  it('has a point in each decimal, and a price whose product is the cost', () => {
    const priced = all.filter((row) => row['PricingQuantity'] !== '');
    expect(priced.length).toBeGreaterThan(5);
    for (const row of priced) {
      const [list, quantity] = ['ListUnitPrice', 'PricingQuantity'].map((column) =>
        parseMoney(row[column] ?? ''),
      ) as [bigint, bigint];
      expect((list * quantity) / 10n ** 15n).toBe(parseMoney(row['ListCost'] ?? ''));
    }
    const decimals = all
      .flatMap((row) => Object.entries(row))
      .filter(([column]) => /(Cost|UnitPrice|Quantity)$/.test(column));
    expect(decimals.filter(([, value]) => !/^$|^-?\d+\.\d+$/.test(value))).toEqual([]);
  });

  it('guards a project that looks like a formula', () => {
    expect(text).toContain(",'=cmd(),");
    expect(text).not.toContain(',=cmd()');
  });

  it('is a file of CSV, by its own name', async () => {
    const { headers } = await door.call(`${PATH}?period=2026-11`);
    expect([headers.get('content-type'), headers.get('content-disposition')]).toEqual([
      'text/csv; charset=utf-8',
      'attachment; filename="focus-2026-11.csv"',
    ]);
  });

  it('holds one organization where that is asked for, or the key is bound to it', async () => {
    const accounts = async (query: string, key?: string) => {
      const answer = await door.call(
        `${PATH}?period=2026-11${query}`,
        key === undefined ? {} : { key },
      );
      return [...new Set(read(answer.text).map((row) => row['BillingAccountId']))];
    };
    expect(await accounts('')).toEqual(['org_free', 'org_dev', 'org_acme'].toSorted().toReversed());
    expect(await accounts('&organization=org_dev')).toEqual(['org_dev']);
    expect(await accounts('', acme)).toEqual(['org_acme']);
  });

  it('of a month without invoices is the head alone', async () => {
    const { text: empty } = await door.call(`${PATH}?period=2026-10`);
    expect(empty).toBe(text.slice(0, text.indexOf('\r\n') + 2));
  });

  it('tells late usage on the next invoice as a correction, and the sum is the next invoice', async () => {
    await stand.meter([metered('late', { at: NOON, quantities: { input: 1_000 } })]);
    await stand.caughtUp();
    stand.now = Date.UTC(2027, 0, 2);
    await bill('2026-12');
    const { text: december } = await door.call(`${PATH}?period=2026-12&organization=org_acme`);
    const { body } = await door.call('/v1/invoices?period=2026-12&organization=org_acme');
    const found = read(december);
    expect(found.filter((row) => row['ChargeClass'] === 'Correction')).toMatchObject([
      {
        x_CorrectsInvoice: expect.stringMatching(/^MB-2026-/),
        BilledCost: '0.005',
        ChargePeriodEnd: '2026-12-01T00:00:00Z',
        ConsumedQuantity: '1000.0',
      },
    ]);
    const sum = found.reduce((total, row) => total + parseMoney(row['BilledCost'] ?? ''), 0n);
    expect(formatExact(sum)).toBe(formatExact(parseMoney(body.data[0].total)));
    decemberText = december;
  });

  it('tells a credit note in the month of its issue: below zero, and the sum is the note', async () => {
    const { body: list } = await door.call('/v1/invoices?period=2026-11&organization=org_acme');
    const [invoice] = list.data as InvoiceDocument[];
    const lines = [
      { line: 1, amount: '1.50' },
      { line: invoice?.lines.length, amount: '2.00' },
    ];
    const answer = await door.call(`/v1/invoices/${invoice?.number}/credit-notes`, {
      method: 'POST',
      body: JSON.stringify({ lines, reason: 'slow answers' }),
    });
    expect(answer.status).toBe(201);
    const january = await door.call(`${PATH}?period=2027-01`);
    const found = read(january.text);
    expect(found).toMatchObject([
      {
        InvoiceId: answer.body.number,
        ChargeCategory: 'Usage',
        ChargeClass: 'Correction',
        BilledCost: '-1.5',
        PricingQuantity: '-1.0',
        ConsumedQuantity: '',
        BillingPeriodStart: '2027-01-01T00:00:00Z',
        ChargePeriodStart: '2026-11-01T00:00:00Z',
        ChargePeriodEnd: '2026-12-01T00:00:00Z',
        x_CorrectsInvoice: invoice?.number,
        x_InvoiceLine: '1',
      },
      { ChargeClass: 'Correction', BilledCost: '-2.0', SkuMeter: 'Plan' },
    ]);
    expect(answer.body.total).toBe('3.50');
    const others = await door.call(`${PATH}?period=2027-01&organization=org_dev`);
    expect(read(others.text)).toEqual([]);
    const { text: november } = await door.call(`${PATH}?period=2026-11`);
    expect(read(november).map((row) => row['ChargeClass'])).not.toContain('Correction');
    // For the public validator (infra/checks/focus.sh).
    const copy = process.env['FOCUS_SAMPLE'];
    const more = [decemberText, january.text].map((one) => one.slice(one.indexOf('\r\n') + 2));
    if (copy !== undefined) await writeFile(copy, text + more.join(''));
  });

  it.each([
    ['', 400, 'invalid_request', '?period'],
    ['?period=november', 400, 'invalid_request', '?period'],
    ['?period=2026-11&organization=acme', 400, 'invalid_request', '?organization'],
    ['?period=2026-11&drafts=true', 400, 'invalid_request', '?drafts'],
  ])('with %j is %i %s at %s', async (query, status, code, pointer) => {
    const { status: seen, body } = await door.call(PATH + query);
    expect([seen, body.code, body.errors[0].pointer]).toEqual([status, code, pointer]);
  });

  it('is not for another organization, nor for keys without the scope', async () => {
    const other = await door.call(`${PATH}?period=2026-11&organization=org_dev`, { key: acme });
    expect([other.status, other.body.code]).toEqual([404, 'unknown_organization']);
    const scope = await door.call(`${PATH}?period=2026-11`, { key: usage });
    expect([scope.status, scope.body.code]).toEqual([403, 'missing_scope']);
  });

  it('breaks off when it cannot go on, and never ends as if it were whole', async () => {
    // The projection of accounts is being rebuilt, say: of the invoice that comes last nothing is known.
    const without = async (organizations: string[]) =>
      rows(stand.source, 'DELETE FROM account WHERE id = ANY($1)', [organizations]);
    await without(['org_acme']);
    const broken = await door.call(`${PATH}?period=2026-11`).catch((error: Error) => error.message);
    expect(broken).toBe('terminated');
    await without(['org_free', 'org_dev']);
    const { status, body } = await door.call(`${PATH}?period=2026-11`);
    expect([status, body.code]).toEqual([500, 'internal_error']);
  });
});
