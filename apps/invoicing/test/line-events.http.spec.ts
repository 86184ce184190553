import { decodeMetered, type MeteredEvent } from '#libs/events/metered-batch.js';
import { USAGE_METERED } from '#libs/events/topics.js';
import { encodeCursor } from '#libs/http/page.js';
import { metered } from '#libs/usage/test/metered.js';
import { randomMonth } from '#libs/usage/test/random-month.js';
import { type Door, openDoor } from './door.js';
import { CATALOG_TEXT, NOON } from './log-writer.js';
import { DECEMBER, Stand } from './stand.js';

const DAY = 86_400_000;
const use = (
  id: string,
  quantities: Record<string, number>,
  at = NOON,
  organization = 'org_acme',
) => metered(id, { at, quantities }, { organization });

interface Shown {
  readonly id: string;
  readonly quantity: number;
  readonly events: number;
  readonly digest: string;
  readonly position: { readonly partition: number; readonly offset: number };
}

describe('the events of an invoice line', () => {
  let stand: Stand;
  let door: Door;
  const ask = async (number: string | null, line: number | string, query = '', key?: string) =>
    door.call(`/v1/invoices/${number}/lines/${line}/events${query}`, key ? { key } : {});
  /** All pages of a line. */
  const all = async (number: string | null, line: number, limit: number) => {
    const found: Shown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const next = cursor === '' ? '' : `&cursor=${cursor}`;
      const { status, body } = await ask(number, line, `?limit=${limit}${next}`);
      expect(status).toBe(200);
      expect(body.data.length).toBeLessThanOrEqual(limit);
      found.push(...body.data);
      cursor = body.next_cursor;
    }
    return found;
  };
  /** The lines that an event's changes are on, as metering asks for them. */
  const linesOf = async (partition: number, { offset, organization, deltas }: MeteredEvent) => {
    const told = deltas.map(({ serviceTier, ...rest }) => ({ ...rest, service_tier: serviceTier }));
    const body = JSON.stringify({ organization, partition, offset, deltas: told });
    const answer = await door.call('/ops/event-lines', { method: 'POST', body });
    expect(answer.status).toBe(200);
    return answer.body.data as { number: string; line: number; quantity: number }[];
  };
  /** Event and line, from the lines' side and from the events' side: each pair with its units. */
  const pairsOfLines = async () => {
    const sums = new Map<string, number>();
    for (const document of await stand.documents())
      for (const { line, pool } of document.lines) {
        if (pool === null) continue;
        for (const one of await all(document.number, line, 500)) {
          const { partition, offset } = one.position;
          const name = `${partition}/${offset} ${document.number}/${line}`;
          sums.set(name, (sums.get(name) ?? 0) + one.quantity);
        }
      }
    return sums;
  };
  const pairsOfEvents = async () => {
    const sums = new Map<string, number>();
    for (const partition of [0, 1])
      for (const { value } of await stand.log.read(USAGE_METERED, partition, 0))
        for (const event of decodeMetered(value).events)
          for (const { number, line, quantity } of await linesOf(partition, event))
            sums.set(`${partition}/${event.offset} ${number}/${line}`, quantity);
    return sums;
  };
  /** What the line says, and what its events come to. */
  const sums = (events: readonly Shown[]) => {
    const half = (from: number) =>
      BigInt.asUintN(
        64,
        events.reduce((sum, { digest }) => sum + BigInt(`0x${digest.slice(from, from + 16)}`), 0n),
      )
        .toString(16)
        .padStart(16, '0');
    return {
      quantity: events.reduce((sum, { quantity }) => sum + quantity, 0),
      events: events.reduce((sum, one) => sum + one.events, 0),
      digest: half(0) + half(16),
    };
  };
  const assertEachLine = async (limit: number) => {
    let lines = 0;
    for (const document of await stand.documents())
      for (const line of document.lines) {
        if (line.pool === null) continue;
        lines += 1;
        const { quantity, events, digest } = line;
        expect(sums(await all(document.number, line.line, limit))).toEqual({
          quantity,
          events,
          digest,
        });
      }
    return lines;
  };

  beforeEach(async () => {
    stand = await Stand.open();
    door = await openDoor(stand);
  });
  afterEach(async () => {
    await door.close();
    await stand.close();
  });

  it('come to its count, quantity and digest, at any page size and by input length', async () => {
    const byLength = '{ price: "5", above_context: [{ tokens: 128000, price: "9" }] }';
    await stand.publish(CATALOG_TEXT.replace('input: "5"', `input: ${byLength}`));
    await stand.publish(CATALOG_TEXT.replace('2026-11-a', '2026-11-b').replace('-01T', '-20T'));
    await stand.register();
    await stand.register('org_other');
    const events = Array.from({ length: 9 }, (_, index) =>
      use(`e${index}`, { input: index % 3 ? 100 + index : 200_000 }, NOON + index * DAY),
    );
    await stand.meter([use('other', { input: 5 }, NOON, 'org_other'), ...events.slice(0, 4)]);
    await stand.meter(events.slice(4, 6));
    await stand.meter([...events.slice(6), use('out', { output: 3 })], 1);
    await stand.bill();
    await stand.meter([use('after the cut', { input: 1 })]);
    expect(await assertEachLine(2)).toBe(5);
    expect(await assertEachLine(500)).toBe(5);
  });

  it('of each invoice of a random month are its own, corrections and voids included', async () => {
    const month = randomMonth(31, 120);
    for (const text of month.catalogs) await stand.publish(text);
    for (const fact of month.facts) await stand.tell(fact);
    for (const [index, batch] of month.batches.entries()) await stand.meter(batch, index % 2);
    await stand.bill();
    expect(await assertEachLine(7)).toBeGreaterThan(10);
    // And back: every event of the month says the very lines that say it.
    const late = metered('late', { at: NOON, model: 'small', quantities: { input: 9, output: 2 } });
    await stand.meter([{ ...late, organization: 'org_paying' }]);
    const unbilled = await pairsOfEvents();
    expect(unbilled).toEqual(await pairsOfLines());
    await stand.bill(DECEMBER);
    const back = await pairsOfEvents();
    expect(back).toEqual(await pairsOfLines());
    expect(back.size).toBe(unbilled.size + 2);
    const pools = new Map([...back.keys()].map((name) => [name.split(' ')[0], name]));
    expect(pools.size).toBeLessThan(back.size);
  });

  it('of late usage are those that came since, once', async () => {
    await stand.publish();
    await stand.register();
    await stand.meter([use('a', { input: 1_000_000 })]);
    await stand.bill();
    await stand.meter([use('late', { input: 20 }), use('new', { input: 10 }, DECEMBER.from)]);
    await stand.bill(DECEMBER);
    const [, december] = await stand.documents();
    const lines = [];
    for (const { kind, line } of december?.lines ?? [])
      lines.push([kind, (await all(december?.number ?? null, line, 9)).map(({ id }) => id)]);
    expect(lines).toEqual([
      ['usage', ['new']],
      ['adjustment', ['late']],
    ]);
    expect(await assertEachLine(1)).toBe(3);
  });

  it('refuses what is no usage line, another cursor and another organization', async () => {
    await stand.publish();
    await stand.register('org_acme', 'team');
    await stand.register('org_other');
    const key = await stand.key('org_other', ['billing:read']);
    await stand.meter([use('a', { input: 1 }), use('b', { input: 2 }, NOON + 1)]);
    await stand.bill();
    const [document] = await stand.documents();
    const { number } = document ?? { number: '' };
    expect(document?.lines.map(({ kind }) => kind)).toEqual(['usage', 'fee']);
    const first = await ask(number, 1, '?limit=1');
    expect(first.body).toEqual({
      data: [
        {
          id: 'a',
          source: 'node-1',
          kind: 'recorded',
          time: '2026-11-16T12:00:00Z',
          position: { topic: 'usage.recorded', partition: 0, offset: 0 },
          quantity: 1,
          events: 1,
          digest: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        },
      ],
      next_cursor: expect.any(String) as string,
    });
    const foreign = encodeCursor({ of: 'MB-1/1', partition: 0, offset: 0, expected: 0, taken: 0 });
    const codes = [];
    for (const answer of [
      await ask(number, 2),
      await ask(number, 3),
      await ask(number, 'one'),
      await ask('MB-2026-999999', 1),
      await ask(number, 1, '', key),
      await ask(number, 1, `?cursor=${foreign}`),
    ])
      codes.push([answer.status, answer.body.errors?.[0]?.code ?? answer.body.code]);
    expect(codes).toEqual([
      [409, 'not_a_usage_line'],
      [404, 'unknown_line'],
      [404, 'unknown_line'],
      [404, 'unknown_invoice'],
      [404, 'unknown_invoice'],
      [400, 'invalid_cursor'],
    ]);
  });
});
