import type { DataSource } from 'typeorm';
import { type AccountFact, encodeFact } from '../../events/account-facts.js';
import { ACCOUNTS } from '../../events/topics.js';
import type { StoredRecord } from '../../log/event-log.js';
import { PartitionHalt } from '../../projection/projection.js';
import { CreateProjectionTables1760000000001 } from '../../projection/projection-tables.js';
import { freshDatabase } from '../../testing/postgres.js';
import { AccountStore } from '../account.store.js';
import { CreateAccountTables1760000000003 } from '../account-tables.js';
import { accountsProjection } from '../accounts-projection.js';
import { StoredKeyDirectory } from '../stored-key-directory.js';
import { PROFILE } from '../../testing/account-profile.js';

const common = { version: 1, recordedAt: 1_000 } as const;
const registered = (organization: string): AccountFact => ({
  ...common,
  type: 'OrganizationRegistered',
  organization,
  profile: PROFILE,
  effectiveFrom: 0,
});
const credit = (organization: string, creditId: string): AccountFact => ({
  ...common,
  type: 'CreditGranted',
  organization,
  creditId,
  amount: '5.00',
  expiresAt: null,
  priority: 50,
  note: null,
});
const keyOf = (organization: string | null, keyId: string): AccountFact => ({
  ...common,
  type: 'ApiKeyCreated',
  organization,
  keyId,
  name: 'ci',
  hash: 'f'.repeat(64),
  scopes: ['usage:read'],
  expiresAt: 9_000,
});
const revoked = (keyId: string, organization: string | null): AccountFact => ({
  ...common,
  recordedAt: 2_000,
  type: 'ApiKeyRevoked',
  organization,
  keyId,
});

describe('accounts projection', () => {
  let source: DataSource;
  let store: AccountStore;
  let offset: number;

  beforeEach(async () => {
    source = await freshDatabase([
      CreateProjectionTables1760000000001,
      CreateAccountTables1760000000003,
    ]);
    store = new AccountStore(source);
    offset = 0;
  });

  afterEach(async () => source.destroy());

  const record = (value: Buffer): StoredRecord => ({
    offset: offset++,
    key: null,
    value,
    appendedAt: 0,
  });
  const fact = (factId: number, body: AccountFact): StoredRecord =>
    record(encodeFact({ factId, fact: body }));
  const fold = async (...records: readonly StoredRecord[]) =>
    source.transaction(async (tx) => {
      const projection = accountsProjection('quota', store);
      const first = records[0]?.offset ?? 0;
      const slice = { topic: ACCOUNTS, partition: 0, records, first, next: first + records.length };
      return (await projection.fold(tx, slice, undefined)).counts;
    });

  it('is named after its service', () => {
    expect(accountsProjection('quota', store)).toMatchObject({
      name: 'quota.accounts',
      topics: ['accounts'],
    });
  });

  it('keeps each account as the fold of its facts', async () => {
    await fold(fact(1, registered('org_b')), fact(2, registered('org_a')));
    await fold(fact(3, credit('org_a', 'crd_1')));
    expect((await store.find('org_a'))?.credits).toEqual([
      expect.objectContaining({ id: 'crd_1', amount: '5.00', grantedAt: 1_000 }),
    ]);
    expect((await store.list(undefined, 10)).map(({ id }) => id)).toEqual(['org_a', 'org_b']);
    expect((await store.list('org_a', 10)).map(({ id }) => id)).toEqual(['org_b']);
    expect(await store.find('org_c')).toBeUndefined();
    expect(await store.lastFactId('org_a')).toBe(3);
  });

  it('skips a fact that a relay appended twice', async () => {
    await fold(fact(1, registered('org_a')), fact(2, credit('org_a', 'crd_1')));
    const counts = await fold(
      fact(1, registered('org_a')),
      fact(2, credit('org_a', 'crd_1')),
      fact(3, credit('org_a', 'crd_2')),
    );
    expect(counts).toMatchObject({ applied: 1, duplicates: 2 });
    expect((await store.find('org_a'))?.credits.map(({ id }) => id)).toEqual(['crd_1', 'crd_2']);
  });

  it('has the digest of what it applied, whatever the slices', async () => {
    const one = fact(1, registered('org_a'));
    const two = fact(2, credit('org_a', 'crd_1'));
    const apart = [await fold(one), await fold(one, two)];
    await source.query('TRUNCATE account, fact_head');
    const together = await fold(one, two);
    const sum = apart.reduce((total, { digestA }) => BigInt.asUintN(64, total + digestA), 0n);
    expect(together.digestA).toBe(sum);
  });

  it.each([
    ['undecodable_fact', () => record(Buffer.from('{"fact_id":1}'))],
    ['undecodable_fact', () => record(Buffer.from('not json'))],
    ['fact_gap', () => fact(2, registered('org_a'))],
    ['fact_without_account', () => fact(1, credit('org_z', 'crd_1'))],
  ])('halts with %s', async (reason, given) => {
    const halt = await fold(given()).catch((error: unknown) => error);
    expect(halt).toBeInstanceOf(PartitionHalt);
    expect(halt).toMatchObject({ reason });
  });

  it('goes on behind a fact that an operator quarantined, and behind no other', async () => {
    await fold(fact(1, registered('org_a')));
    const broken = record(Buffer.from('broken'));
    await source.query(
      `INSERT INTO quarantine VALUES ('quota.accounts', 'accounts', 0, $1, 'undecodable_fact', '', NULL, '', 0, 'me', 0)`,
      [broken.offset],
    );
    expect(await fold(fact(3, credit('org_a', 'crd_3')))).toMatchObject({ applied: 1 });
    await expect(fold(fact(6, credit('org_a', 'crd_6')))).rejects.toMatchObject({
      reason: 'fact_gap',
    });
  });

  it('tells the tiers that organizations are on, or will be, from an instant on', async () => {
    const moved = (organization: string, tier: string, effectiveFrom: number): AccountFact => ({
      ...common,
      type: 'TierChanged',
      organization,
      tier,
      effectiveFrom,
    });
    const facts = [
      registered('org_a'),
      registered('org_b'),
      registered('org_c'),
      moved('org_b', 'developer', 500),
      moved('org_c', 'enterprise', 900),
    ];
    await fold(...facts.map((body, index) => fact(index + 1, body)));
    const from = async (instant: number) =>
      (await store.tiersFrom(instant)).map(({ tier, organizations }) => `${tier} ${organizations}`);
    expect(await from(0)).toEqual(['developer 1', 'enterprise 1', 'free 3']);
    expect(await from(500)).toEqual(['developer 1', 'enterprise 1', 'free 2']);
    expect(await from(900)).toEqual(['developer 1', 'enterprise 1', 'free 1']);
  });

  it('keeps keys of organizations and of none, and their revocation', async () => {
    await fold(
      fact(1, registered('org_a')),
      fact(2, keyOf('org_a', 'aaaaaaaa')),
      fact(3, keyOf(null, 'bbbbbbbb')),
      fact(4, revoked('aaaaaaaa', 'org_a')),
    );
    const directory = new StoredKeyDirectory(store);
    expect(await directory.find('aaaaaaaa')).toEqual({
      id: 'aaaaaaaa',
      name: 'ci',
      hash: 'f'.repeat(64),
      organization: 'org_a',
      scopes: ['usage:read'],
      expiresAt: 9_000,
      revokedAt: 2_000,
    });
    expect(await directory.find('bbbbbbbb')).toMatchObject({ organization: null, revokedAt: null });
    expect(await directory.find('cccccccc')).toBeUndefined();
    expect(await store.unboundKeys(undefined, 10)).toEqual([
      expect.objectContaining({ id: 'bbbbbbbb', name: 'ci', createdAt: 1_000 }),
    ]);
    expect((await store.find('org_a'))?.keys).toEqual([
      expect.objectContaining({ id: 'aaaaaaaa', revokedAt: 2_000 }),
    ]);
  });

  it('finds many accounts at once, and all of them', async () => {
    await fold(fact(1, registered('org_b')), fact(2, registered('org_a')));
    expect([...(await store.findMany(['org_a', 'org_x'])).keys()]).toEqual(['org_a']);
    expect((await store.all()).map(({ id }) => id)).toEqual(['org_a', 'org_b']);
  });
});
