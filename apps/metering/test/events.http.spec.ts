import { identityKey } from '#libs/events/identity.js';
import { USAGE_RECORDED } from '#libs/events/topics.js';
import { correctionDeltas, usageDelta } from '../domain/deltas.js';
import { interpret, type KeyedEvent } from '../domain/interpret.js';
import { NOON, ReadStand } from './read-stand.js';
import { publish, register } from './read-terms.js';
import { correcting, usage, voiding } from './stand.js';

const NODE = '//test/node-1';
const AT = Date.parse('2026-11-16T11:00:00Z');

describe('events door', () => {
  let stand: ReadStand;

  async function event(id: string, key = 'a', more = '') {
    return stand.get(`/v1/events?source=${encodeURIComponent(NODE)}&id=${id}${more}`, key);
  }

  /** Appends an event to partition 1 and lets it hold its identity; gives the offset. */
  async function counted(sent: object | string): Promise<number> {
    const value = Buffer.from(typeof sent === 'string' ? sent : JSON.stringify(sent));
    const { firstOffset } = await stand.log.append(USAGE_RECORDED, 1, [{ key: null, value }]);
    const { key, fingerprint } = interpret({
      offset: firstOffset,
      value,
      appendedAt: NOON,
    }) as KeyedEvent;
    await stand.insert('identity', { key, partition: 1, offset: firstOffset, fingerprint });
    return firstOffset;
  }

  /** Books a correction of an event that used `m`. */
  async function corrected(sent: object, original: string, input: number | null) {
    const offset = await counted(sent);
    const used = (tokens: number) => ({
      model: 'm',
      project: null,
      apiKey: null,
      serviceTier: 'on_demand' as const,
      adapter: null,
      user: null,
      status: 'completed' as const,
      quantities: { input: tokens },
    });
    const before = [usageDelta(used(10), AT)];
    const deltas = correctionDeltas(before, input === null ? null : used(input), AT);
    const { id, data } = sent as { id: string; data: { reason: string } };
    await stand.insert('correction', {
      partition: 1,
      offset,
      key: identityKey('org_a', NODE, id),
      original_key: identityKey('org_a', NODE, original),
      kind: input === null ? 'voided' : 'corrected',
      id,
      reason: data.reason,
      deltas: JSON.stringify(deltas),
    });
    return offset;
  }

  async function rejected(id: string, reason: string, offset: number, winner: number | null) {
    await stand.insert('rejected_usage', {
      reason,
      pointer: '/data/original',
      detail: `because of ${id}`,
      organization: 'org_a',
      source: NODE,
      event_id: id,
      at: new Date(NOON),
      origin_topic: USAGE_RECORDED,
      origin_partition: 0,
      origin_offset: offset,
      winner_topic: winner === null ? null : USAGE_RECORDED,
      winner_partition: winner === null ? null : 1,
      winner_offset: winner,
      raw: Buffer.from(JSON.stringify(usage(id))),
    });
  }

  beforeAll(async () => {
    stand = await ReadStand.open();
    await stand.caughtUp(1, 9);
    await register(stand.source, 'org_a');
    await publish(stand.source, 1, '2026-11-01T00:00:00Z');
  });
  afterAll(async () => stand.close());

  it('shows a counted event with the record, digit by digit, and its copies', async () => {
    const text = JSON.stringify({ ...usage('once'), pad: 'P' }).replace('"P"', '1.50');
    const offset = await counted(text);
    const key = identityKey('org_a', NODE, 'once');
    await stand.insert('repeat', { partition: 1, offset: 70, key });
    await stand.insert('repeat', { partition: 0, offset: 500, key });
    await rejected('once', 'conflict', 3, offset);
    const { status, body, text: answer } = await event('once');
    expect(status).toBe(200);
    expect(body).toEqual({
      organization: 'org_a',
      source: NODE,
      id: 'once',
      state: 'counted',
      position: { topic: 'usage.recorded', partition: 1, offset },
      hour: '2026-11-16T11:00:00Z',
      event: { ...usage('once'), pad: 1.5 },
      repeats: [
        { position: { topic: 'usage.recorded', partition: 0, offset: 500 } },
        { position: { topic: 'usage.recorded', partition: 1, offset: 70 } },
      ],
      repeat_count: 2,
      corrections: [],
      conflicts: [
        {
          position: { topic: 'usage.recorded', partition: 0, offset: 3 },
          winner: { topic: 'usage.recorded', partition: 1, offset },
          detail: 'because of once',
          at: '2026-11-16T12:00:00Z',
        },
      ],
      invoice_lines: null,
      invoice_lines_unavailable: 'service_not_configured',
      as_of: expect.objectContaining({ positions: { 'usage.recorded': { 1: 9 } } }),
    });
    expect(answer).toContain(`"event":${text}`);
  });

  it('shows a voided one, and the event that voided it in the hour of its original', async () => {
    await counted(usage('gone', { input: 10 }));
    const offset = await corrected(voiding('gone-void', 'gone'), 'gone', null);
    const { body } = await event('gone');
    const position = { topic: 'usage.recorded', partition: 1, offset };
    expect(body).toMatchObject({
      state: 'voided',
      corrections: [{ id: 'gone-void', position, reason: 'never delivered', kind: 'voided' }],
    });
    expect((await event('gone-void')).body).toMatchObject({
      state: 'counted',
      position,
      hour: '2026-11-16T11:00:00Z',
      event: { type: 'dev.meterbook.usage.voided.v1' },
    });
  });

  it('shows a corrected one', async () => {
    await counted(usage('wrong', { input: 10 }));
    await corrected(correcting('wrong-2', 'wrong', { input: 4 }), 'wrong', 4);
    expect((await event('wrong')).body).toMatchObject({
      state: 'corrected',
      event: { data: { tokens: { input: 10 } } },
      corrections: [{ id: 'wrong-2', reason: 'miscounted' }],
    });
  });

  it('shows what waits for a price, or for an account', async () => {
    await counted(usage('dear', { reasoning: 1 }));
    await counted({ ...usage('early'), subject: 'org_b' });
    expect((await event('dear')).body).toMatchObject({ state: 'suspended' });
    expect((await event('early', 'b')).body).toMatchObject({ state: 'suspended' });
    expect((await event('early', 'all', '&organization=org_b')).body).toMatchObject({
      organization: 'org_b',
      state: 'suspended',
    });
  });

  it('shows what was only ever refused', async () => {
    await rejected('orphan', 'unknown_original', 4, null);
    await rejected('late', 'conflict', 5, 2);
    const { body } = await event('orphan');
    expect(body).toMatchObject({
      state: 'quarantined',
      position: { topic: 'usage.recorded', partition: 0, offset: 4 },
      hour: null,
      event: usage('orphan'),
      repeats: [],
      corrections: [],
      conflicts: [],
      rejections: [{ reason: 'unknown_original', pointer: '/data/original', winner: null }],
    });
    expect((await event('late')).body).toMatchObject({
      state: 'conflict',
      conflicts: [{ winner: { topic: 'usage.recorded', partition: 1, offset: 2 } }],
    });
  });

  it('has no record any more where the log ends before it', async () => {
    const key = identityKey('org_a', NODE, 'old');
    await stand.insert('identity', { key, partition: 1, offset: 9_000, fingerprint: 1 });
    expect((await event('old')).body).toMatchObject({ state: 'counted', hour: null, event: null });
  });

  it.each([
    [`source=${NODE}&id=nothing`, 'a', 404, 'unknown_event'],
    [`source=${NODE}&id=once`, 'b', 404, 'unknown_event'],
    [`source=${NODE}&id=once&organization=org_a`, 'b', 404, 'unknown_organization'],
    [`source=${NODE}&id=once`, 'all', 400, 'invalid_request', '?organization missing_field'],
    ['', 'a', 400, 'invalid_request', '?source missing_field', '?id missing_field'],
    [`source=${NODE}`, 'a', 400, 'invalid_request', '?id missing_field'],
    [`source=${NODE}&id=`, 'a', 400, 'invalid_request', '?id invalid_value'],
    [`source=${NODE}%0Aa&id=b`, 'a', 400, 'invalid_request', '?source invalid_value'],
    [`source=${NODE}&id=a%00`, 'a', 400, 'invalid_request', '?id invalid_value'],
    [`source=${NODE}&id=once&key=1`, 'a', 400, 'invalid_request', '?key unknown_parameter'],
    [`source=${NODE}&id=once`, 'write', 403, 'missing_scope'],
    [`source=${NODE}&id=once`, 'ops', 403, 'missing_scope'],
  ])('refuses %s with the key %j', async (query, key, ...refusal) => {
    expect(await stand.refusal(`/v1/events?${query}`, key)).toEqual(refusal);
  });
});
