// What the projections write is what the reading stores understand: one log in, the answers out.
import { AccountStore } from '#libs/accounts/account.store.js';
import { CatalogStore } from '#libs/catalog/catalog.store.js';
import { countedEventView } from '../http/events.view.js';
import { EventQueryStore } from '../store/event-query.store.js';
import { RejectedQueryStore } from '../store/rejected-query.store.js';
import { SequenceQueryStore } from '../store/sequence-query.store.js';
import { UsageQueryStore } from '../store/usage-query.store.js';
import { publish, register } from './read-terms.js';
import { correcting, NOON, Stand, usage, voiding } from './stand.js';

const SOURCE = '//test/node-1';

describe('reading what was folded', () => {
  let stand: Stand;

  async function view(id: string) {
    const { source, log } = stand;
    const parts = { accounts: new AccountStore(source), catalogs: new CatalogStore(source) };
    const events = new EventQueryStore({ source, log, ...parts });
    const name = { organization: 'org_a', source: SOURCE, id };
    const found = await events.find(name);
    if (!found) return undefined;
    const rejected = await new RejectedQueryStore(source).ofEvent('org_a', SOURCE, id);
    const terms = await events.termsOf('org_a');
    return countedEventView(name, found, { terms, rejected, lines: { lines: [] } });
  }

  /** Waits until the parked events are in the table. */
  async function parked(count: number): Promise<void> {
    for (let tries = 0; tries < 400; tries += 1) {
      const list = await new RejectedQueryStore(stand.source).list({ limit: 100 });
      if (list.length >= count) return;
      await new Promise((resolve) => {
        setTimeout(resolve, 25);
      });
    }
    throw new Error(`${count} rejections were not kept after 10 s`);
  }

  beforeAll(async () => {
    stand = await Stand.open();
    await register(stand.source, 'org_a');
    await publish(stand.source, 1, '2026-11-01T00:00:00Z');
    await stand.append(
      0,
      usage('plain', undefined, { sequence: '1' }),
      usage('plain', undefined, { sequence: '1' }),
      usage('gone', undefined, { sequence: '2' }),
      usage('wrong', undefined, { sequence: '5' }),
      usage('plain', { input: 11 }),
    );
    await stand.start();
    await stand.drained();
    await stand.append(
      1,
      usage('plain', undefined, { sequence: '1' }),
      voiding('void', 'gone'),
      correcting('correct', 'wrong', { input: 4 }),
      voiding('orphan', 'nobody'),
    );
    await stand.drained();
    await parked(2);
  });
  afterAll(async () => stand.close());

  it('tells the states, copies and conflicts that folding left', async () => {
    expect(await view('plain')).toMatchObject({
      state: 'counted',
      position: { partition: 0, offset: 0 },
      repeats: [
        { position: { partition: 0, offset: 1 } },
        { position: { partition: 1, offset: 0 } },
      ],
      repeat_count: 2,
      conflicts: [{ position: { partition: 0, offset: 4 }, winner: { partition: 0, offset: 0 } }],
    });
    expect(await view('gone')).toMatchObject({
      state: 'voided',
      corrections: [{ id: 'void', position: { partition: 1, offset: 1 }, kind: 'voided' }],
    });
    expect(await view('wrong')).toMatchObject({
      state: 'corrected',
      corrections: [{ id: 'correct', reason: 'miscounted', kind: 'corrected' }],
    });
    expect(await view('correct')).toMatchObject({ state: 'counted', hour: '2026-11-16T11:00:00Z' });
    expect(await view('orphan')).toBeUndefined();
  });

  it('sums what is left', async () => {
    const [sums] = await new UsageQueryStore(stand.source).find({
      organization: 'org_a',
      from: NOON - 3_600_000,
      to: NOON,
      groupBy: ['model'],
      only: {},
      limit: null,
    });
    expect(sums).toMatchObject({ requests: 2n, groups: { model: 'm' } });
    expect(sums?.quantities).toMatchObject({ input: 14n, output: 1n });
  });

  it('misses the numbers that never came', async () => {
    const found = await new SequenceQueryStore(stand.source).gaps({ limit: 10 });
    expect(found).toMatchObject([{ source: SOURCE, missing: [{ from: 3n, to: 5n }], count: 2n }]);
  });
});
