import { rows } from '#libs/database/database.js';
import { metered } from '#libs/usage/test/metered.js';
import { UsageHourStore } from '#libs/usage/usage-hour-store.js';
import { buildInvoices, writeInvoices } from '../store/invoice-writer.js';
import { invoiceSeries, moveSeries, seriesEnd } from '../store/series.store.js';
import { NOON } from './log-writer.js';
import { CLOSABLE, DECEMBER, NOVEMBER, Stand } from './stand.js';

describe('issuing', () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await Stand.open();
    await stand.publish();
    for (const organization of ['org_acme', 'org_big', 'org_two', 'org_three', 'org_four'])
      await stand.register(organization);
    await stand.start();
    await stand.caughtUp();
    stand.now = CLOSABLE;
  });
  afterAll(async () => stand.close());

  let events = 0;
  const use = async (organization: string, at = NOON, quantities = { input: 1_000_000 }) => {
    events += 1;
    const event = metered(`event-${events}`, { at, quantities }, { organization });
    await stand.source.transaction(async (tx) => new UsageHourStore(stand.source).add(tx, [event]));
  };
  const numbers = async () => (await stand.documents()).map(({ number }) => number);

  it('fifty times at once makes one document with one number', async () => {
    await use('org_acme');
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, async (_, index) =>
        stand.stores().issuing.issue('org_acme', NOVEMBER, `run_${index}`),
      ),
    );
    expect(outcomes.filter(({ state }) => state === 'issued')).toHaveLength(1);
    expect(outcomes.filter(({ state }) => state === 'already_issued')).toHaveLength(49);
    expect(new Set(outcomes.map((one) => 'number' in one && one.number))).toEqual(
      new Set(['MB-2026-000001']),
    );
    expect(await numbers()).toEqual(['MB-2026-000001']);
    const lines = await rows(stand.source, 'SELECT * FROM invoice_line');
    expect(lines).toHaveLength(1);
  });

  it('twice by one run says issued both times: a process that was killed in between asks again', async () => {
    await use('org_two');
    const { issuing } = stand.stores();
    const first = await issuing.issue('org_two', NOVEMBER, 'run_x');
    expect(await issuing.issue('org_two', NOVEMBER, 'run_x')).toEqual(first);
    expect(first).toEqual({ state: 'issued', number: 'MB-2026-000002' });
  });

  it('that is aborted leaves no gap in the numbers', async () => {
    await use('org_three');
    await use('org_four');
    const { invoices, basis } = stand.stores();
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const { draft, version } = await basis.read('org_three', NOVEMBER);
      const aborted = stand.source.transaction(async (tx) => {
        await invoices.claimVersion(tx, 'org_three', version);
        const start = await seriesEnd(tx, invoiceSeries('MB', NOON));
        const built = buildInvoices(draft ? [draft] : [], start, {
          dueDays: 30,
          seller: undefined,
          at: NOON,
        });
        await moveSeries(tx, built.end);
        if (attempt % 2 === 0) throw new Error('aborted');
        await writeInvoices(tx, built, { at: NOON, run: null });
        throw new Error('aborted');
      });
      await expect(aborted).rejects.toThrow('aborted');
    }
    const { issuing } = stand.stores();
    await issuing.issue('org_three', NOVEMBER, 'run_y');
    await issuing.issue('org_four', NOVEMBER, 'run_y');
    expect(await numbers()).toEqual([1, 2, 3, 4].map((number) => `MB-2026-00000${number}`));
  });

  it('of two months at once books late usage on one of them only', async () => {
    await use('org_acme', NOON + 1);
    await use('org_acme', DECEMBER.from);
    await use('org_acme', DECEMBER.to);
    const january = { from: DECEMBER.to, to: Date.UTC(2027, 1, 1) };
    const { issuing } = stand.stores();
    await Promise.all([
      issuing.issue('org_acme', DECEMBER, 'run_z'),
      issuing.issue('org_acme', january, 'run_z'),
    ]);
    const [, ...later] = await stand.documents('org_acme');
    const kinds = later.flatMap(({ lines }) => lines.map(({ kind }) => kind)).toSorted();
    expect(kinds).toEqual(['adjustment', 'usage', 'usage']);
  });

  it('writes the document byte for byte as it is served, integers above 2^53 too', async () => {
    const most = { input: Number.MAX_SAFE_INTEGER };
    await use('org_big', NOON, most);
    await use('org_big', NOON, most);
    await use('org_big', NOON, { input: 1 });
    await stand.stores().issuing.issue('org_big', NOVEMBER, 'run_big');
    const [invoice] = await stand.stores().invoices.list({ organization: 'org_big' }, 1);
    expect(invoice?.document).toContain('"quantity":18014398509481983,');
    expect(invoice?.document).toContain('"total":"90071992547.41"');
    expect(invoice?.document.startsWith('{"number":"MB-2026-')).toBe(true);
  });

  it('does not wait for a reader, nor a reader for it, and the cut belongs to the rows', async () => {
    const { basis } = stand.stores();
    await stand.meter([metered('cut-1', { at: NOON }, { organization: 'org_two' })]);
    await stand.caughtUp();
    const { draft } = await basis.read('org_two', DECEMBER);
    expect(draft?.cut).toEqual({
      'usage.recorded': { 0: 1, 1: 0 },
      accounts: { 0: 5 },
      catalog: { 0: 1 },
    });
    expect(draft?.lines.map(({ kind, usage }) => [kind, usage?.units])).toEqual([
      ['adjustment', 10n],
    ]);
  });

  it.each([
    `UPDATE invoice SET document = document::jsonb`,
    `UPDATE invoice SET document = (document::text || ' ')::json`,
    'UPDATE invoice SET total_minor = 0',
    `UPDATE invoice SET number = 'X' || number`,
    'UPDATE invoice SET issued_at = issued_at + 1',
    `UPDATE invoice SET organization = 'org_other'`,
    'UPDATE invoice SET run = NULL',
    'UPDATE invoice_line SET units = units + 1',
    'DELETE FROM invoice_line',
    'DELETE FROM invoice',
    'TRUNCATE invoice_line',
    'TRUNCATE invoice CASCADE',
  ])('is for good: the database refuses %s', async (sql) => {
    await expect(stand.source.query(sql)).rejects.toThrow('an issued invoice never changes');
  });

  it('lets the state change, for a payment or a void', async () => {
    const before = await stand.documents();
    await stand.source.query(`UPDATE invoice SET state = 'paid' WHERE number = 'MB-2026-000004'`);
    expect(await stand.documents()).toEqual(before);
    await expect(
      stand.source.query(`UPDATE invoice SET state = 'lost' WHERE number = 'MB-2026-000004'`),
    ).rejects.toThrow('invoice_state_check');
  });
});
