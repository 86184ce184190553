import type { EntityManager } from 'typeorm';
import { metered } from '#libs/usage/test/metered.js';
import { type Door, openDoor } from './door.js';
import { NOON } from './log-writer.js';
import { ADMIN_KEY, CLOSABLE, Stand } from './stand.js';

describe('the chain of documents', () => {
  let stand: Stand;
  let door: Door;
  const organizations = ['org_a', 'org_b', 'org_c', 'org_d'];
  const chains = async () => (await door.call('/v1/document-chains', { key: ADMIN_KEY })).body;
  const linkOf = async (number: string) =>
    (await door.call(`/v1/invoices/${number}/verify`, { method: 'POST' })).body.chain;
  const numbered = (n: number): string => `MB-2026-00000${n}`;

  beforeEach(async () => {
    stand = await Stand.open();
    await stand.publish();
    for (const organization of organizations) await stand.register(organization);
    door = await openDoor(stand);
    await stand.meter(
      organizations.map((organization) =>
        metered(organization, { at: NOON, quantities: { input: 1_000_000 } }, { organization }),
      ),
    );
    await stand.caughtUp();
    stand.now = CLOSABLE;
    await stand.ask();
    await stand.reactor().advanceAll();
    const note = { lines: [{ line: 1, amount: '1.00' }], reason: 'an outage' };
    const path = `/v1/invoices/${numbered(2)}/credit-notes`;
    const { status } = await door.call(path, { method: 'POST', body: JSON.stringify(note) });
    if (status !== 201) throw new Error(`the credit note was answered ${status}`);
  });
  afterEach(async () => {
    await door.close();
    await stand.close();
  });

  /** As someone who owns the database would: with the triggers off. */
  const tamper = async (work: (tx: EntityManager) => Promise<unknown>) =>
    stand.source.transaction(async (tx) => {
      await tx.query(`SET LOCAL session_replication_role = 'replica'`);
      await work(tx);
    });

  it('is whole over invoices and credit notes, and each document shows its link', async () => {
    const { intact, data } = await chains();
    expect([intact, data]).toEqual([
      true,
      [
        {
          legal_entity: 'MB',
          documents: 5,
          head: expect.stringMatching(/^[0-9a-f]{64}$/),
          broken: null,
        },
      ],
    ]);
    const [first, second] = [await linkOf(numbered(1)), await linkOf(numbered(2))];
    expect(first).toMatchObject({
      legal_entity: 'MB',
      position: 1,
      previous_hash: '0'.repeat(64),
      intact: true,
      fault: null,
    });
    expect(second).toMatchObject({ position: 2, previous_hash: first.hash, intact: true });
  });

  it.each<[string, string, string, number]>([
    // what, sql, fault, the document that is named
    [
      'a changed text',
      `UPDATE invoice SET document = replace(document, '"total":"5.00"', '"total":"1.00"')
       WHERE number = 'MB-2026-000002'`,
      'document_changed',
      2,
    ],
    [
      'a changed text whose hash was made again',
      `UPDATE invoice SET document = document || ' ', hash = sha256(convert_to(
         encode(previous_hash, 'hex') || E'\\n' || number || E'\\n' || document || ' ', 'UTF8'))
       WHERE number = 'MB-2026-000002'`,
      'link_broken',
      3,
    ],
    [
      'a document taken away',
      `DELETE FROM invoice WHERE number = 'MB-2026-000003'`,
      'document_missing',
      4,
    ],
    [
      'another number',
      `UPDATE invoice SET number = 'MB-2026-000009' WHERE number = 'MB-2026-000004'`,
      'document_changed',
      9,
    ],
    [
      'two documents that changed places',
      `UPDATE invoice SET chain_position = 7 - chain_position
       WHERE number IN ('MB-2026-000003', 'MB-2026-000004')`,
      'link_broken',
      4,
    ],
  ])('names the document after %s', async (_, sql, fault, number) => {
    await tamper(async (tx) => tx.query(sql));
    const { intact, data } = await chains();
    expect([intact, data[0].broken]).toEqual([false, { number: numbered(number), fault }]);
  });

  it('notices when the last document was taken away', async () => {
    await tamper(async (tx) => tx.query('DELETE FROM credit_note'));
    expect((await chains()).data[0].broken).toEqual({
      number: numbered(4),
      fault: 'document_missing',
    });
    expect(await linkOf(numbered(4))).toMatchObject({ intact: false, fault: 'link_broken' });
    expect(await linkOf(numbered(3))).toMatchObject({ intact: true });
  });

  it('shows a changed document and the one after it as broken, and no other', async () => {
    await tamper(async (tx) =>
      tx.query(`UPDATE invoice SET hash = decode(repeat('ab', 32), 'hex')
        WHERE number = 'MB-2026-000002'`),
    );
    const links = await Promise.all([1, 2, 3, 4].map(async (n) => linkOf(numbered(n))));
    expect(links.map(({ fault }) => fault)).toEqual([
      null,
      'document_changed',
      'link_broken',
      null,
    ]);
  });

  it('is for operators: no key of an organization reads it', async () => {
    const key = await stand.key('org_a');
    await stand.caughtUp();
    expect((await door.call('/v1/document-chains', { key })).status).toBe(403);
  });
});
