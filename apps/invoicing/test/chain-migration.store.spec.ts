// Documents from before there was a chain: the migration gives each its place, and changes no byte of them.
import type { DataSource } from 'typeorm';
import { migrate, openDatabase, rows } from '#libs/database/database.js';
import { freshDatabase } from '#libs/testing/postgres.js';
import { chainHash, CHAIN_START } from '../domain/document-chain.js';
import { ChainStore } from '../store/chain.store.js';
import { AddDocumentChain1769000000111 } from '../store/document-chain-tables.js';
import { MIGRATIONS } from '../store/migrations.js';
import { invoiceSeries, seriesEnd } from '../store/series.store.js';

const BEFORE = MIGRATIONS.slice(0, MIGRATIONS.indexOf(AddDocumentChain1769000000111));
const YEAR = Date.UTC(2026, 5, 1);
/** With white space that JSON does not need: the text is what was issued. */
const textOf = (number: string): string => `{ "number":"${number}",  "note":"Zürich ✓" }`;

describe('documents from before there was a chain', () => {
  let source: DataSource;

  const addInvoice = async (old: DataSource, number: string, issuedAt: number) =>
    old.query(
      `INSERT INTO invoice (number, organization, period_from, period_to, state, currency,
         issued_at, due_at, subtotal_femto, total_minor, document)
       VALUES ($1, 'org_' || $1, 0, 1, 'issued', 'USD', $2, $2, 0, 0, $3)`,
      [number, issuedAt, textOf(number)],
    );

  beforeAll(async () => {
    const old = await freshDatabase(BEFORE);
    const { url } = old.options as { url: string };
    await addInvoice(old, 'MB-2026-000001', YEAR);
    await addInvoice(old, 'A-B-2026-000001', YEAR + 1);
    await addInvoice(old, 'MB-2026-000002', YEAR + 3);
    await old.query(
      `INSERT INTO credit_note (number, invoice, organization, issued_at, issued_by, total_minor,
         document) VALUES ($1, 'MB-2026-000001', 'org_a', $2, 'key', 1, $3)`,
      ['CN-MB-2026-000001', YEAR + 2, textOf('CN-MB-2026-000001')],
    );
    await old.destroy();
    source = await openDatabase({ url, name: 'test', poolSize: 2, migrations: MIGRATIONS });
    await migrate(source);
  });
  afterAll(async () => source.destroy());

  it('are in one chain for each legal entity, in the order of issue', async () => {
    const order = ['MB-2026-000001', 'CN-MB-2026-000001', 'MB-2026-000002'];
    let head: Buffer = CHAIN_START;
    for (const number of order) head = chainHash(head, number, textOf(number));
    expect(await new ChainStore(source).check()).toEqual([
      { legalEntity: 'A-B', documents: 1n, head: expect.any(String), broken: null },
      { legalEntity: 'MB', documents: 3n, head: head.toString('hex'), broken: null },
    ]);
  });

  it('are continued by the next document', async () => {
    const end = await seriesEnd(source.manager, invoiceSeries('MB', YEAR));
    expect(end.length).toBe(3n);
  });

  it('keep their bytes, and may not be changed', async () => {
    const kept = await rows(
      source,
      'SELECT number, document FROM invoice UNION ALL SELECT number, document FROM credit_note',
    );
    expect(kept).toHaveLength(4);
    for (const { number, document } of kept as { number: string; document: string }[])
      expect(document).toBe(textOf(number));
    const changes = ['invoice', 'credit_note'].map(async (table) =>
      source.query(`UPDATE ${table} SET document = 'x'`),
    );
    for (const { status } of await Promise.allSettled(changes)) expect(status).toBe('rejected');
  });
});
