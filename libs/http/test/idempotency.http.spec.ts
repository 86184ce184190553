import { rows } from '../../database/database.js';
import { codeOf, openStand, type Stand, state } from './app-stand.js';

describe('an Idempotency-Key', () => {
  let stand: Stand;

  beforeAll(async () => {
    stand = await openStand();
  });

  afterAll(async () => {
    await stand.close();
  });

  it('replays the first answer of an idempotency key', async () => {
    const key = { 'idempotency-key': 'order-0001' };
    state.failNext = true;
    expect((await stand.post({ size: 2 }, key)).status).toBe(503);
    state.failNext = false;
    const first = await stand.post({ size: 2 }, key);
    const again = await stand.post({ size: 2 }, key);
    expect(again.status).toBe(first.status);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await again.json()).toEqual(await first.json());
    expect(await codeOf(await stand.post({ size: 3 }, key))).toEqual([
      422,
      'idempotency_key_reused',
    ]);
    expect(await codeOf(await stand.post({ size: 3 }, { 'idempotency-key': 'short' }))).toEqual([
      400,
      'invalid_request',
    ]);
  });

  it('runs once when fifty requests share a key', async () => {
    const before = state.made;
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () =>
        stand.post({ size: 9 }, { 'idempotency-key': 'fifty-at-once' }),
      ),
    );
    expect(state.made).toBe(before + 1);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
  });

  it('keeps no secret of an answer in the clear', async () => {
    const first = await stand.post({ size: 5 }, { 'idempotency-key': 'sealed-answer' });
    expect(((await first.json()) as { secret: string }).secret).toBe('whsec_shown-once');
    const kept = await rows<{ body: Buffer }>(stand.source, 'SELECT * FROM idempotency_key');
    expect(
      JSON.stringify(kept.map((row) => ({ ...row, text: row.body.toString('latin1') }))),
    ).not.toContain('whsec');
    const again = await stand.post({ size: 5 }, { 'idempotency-key': 'sealed-answer' });
    expect(await again.text()).toContain('whsec_shown-once');
  });
});
