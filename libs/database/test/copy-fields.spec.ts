import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { freshDatabase } from '../../testing/postgres.js';
import { copyInto } from '../copy.js';
import { CopyFields } from '../copy-fields.js';
import { rows } from '../database.js';

const COLUMNS = ['n', 'name', 'amount', 'big', 'bytes'];

describe('copied fields', () => {
  let source: DataSource;

  beforeAll(async () => {
    source = await freshDatabase([]);
    await source.query(
      'CREATE TABLE copied (n int, name text, amount numeric(60,0), big bigint, bytes bytea)',
    );
  });
  afterEach(async () => source.query('TRUNCATE copied'));
  afterAll(async () => source.destroy());

  const copied = async (all: readonly [string | null, bigint | null, number][]) => {
    const fields = new CopyFields(COLUMNS.length);
    for (const [index, [name, amount, big]] of all.entries())
      fields
        .row()
        .int4(index)
        .text(name)
        .numeric(amount)
        .int8(big)
        .raw(Buffer.from([index % 256]));
    await source.transaction(async (tx) => copyInto(tx, 'copied', COLUMNS, fields.end()));
    return rows<{ name: string | null; amount: string | null; big: string; bytes: Buffer }>(
      source,
      'SELECT * FROM copied ORDER BY n',
    );
  };

  it.each([
    0n,
    1n,
    -1n,
    9_999n,
    10_000n,
    -10_000n,
    123_456_789n,
    2n ** 53n - 1n,
    2n ** 53n,
    2n ** 53n + 1n,
    2n ** 64n - 1n,
    10n ** 16n,
    -(10n ** 59n),
    10n ** 60n - 1n,
    null,
  ])('keep the number %p', async (amount) => {
    expect((await copied([['', amount, 0]]))[0]?.amount).toBe(amount?.toString() ?? null);
  });

  it('keep any numbers and texts, in as many rows as there are', async () => {
    const amounts = fc.option(fc.bigInt({ min: -(10n ** 59n), max: 10n ** 59n }));
    const names = fc.option(
      fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')),
    );
    const row = fc.tuple(names, amounts, fc.maxSafeInteger());
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 300 }), async (all) => {
        const found = await copied(all);
        await source.query('TRUNCATE copied');
        expect(found.map(({ name, amount, big }) => [name, amount, big])).toEqual(
          all.map(([name, amount, big]) => [name, amount?.toString() ?? null, String(big)]),
        );
        expect(found.map(({ bytes }) => bytes[0])).toEqual(all.map((_, index) => index % 256));
      }),
      { numRuns: 25 },
    );
  });

  it('grow beyond what was set aside at first', async () => {
    const name = 'ü'.repeat(200_000);
    expect((await copied([[name, 1n, 1]]))[0]?.name).toBe(name);
  });
});
