import { rows } from '../../database/database.js';
import { IdempotencyTable } from '../idempotency-table.js';
import { codeOf, openStand, type Stand, state } from './app-stand.js';
import { writer } from './stand-keys.js';

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
  it('replays status and headers, and an answer without a body', async () => {
    const send = async (path: string): Promise<[number, string | null, string | null, string]> => {
      const answer = await stand.call(path, {
        method: 'POST',
        headers: { 'idempotency-key': 'whole-answer' },
      });
      const { status, headers } = answer;
      const replayed = headers.get('idempotency-replayed');
      return [status, headers.get('location'), replayed, await answer.text()];
    };
    const [, , , made] = await send('/v1/things/located');
    expect(JSON.parse(made)).toEqual({ made: state.made, big: 1152921504606846976 });
    expect(await send('/v1/things/located')).toEqual([202, '/v1/things/1', 'true', made]);
    expect(made).toContain('"big":1152921504606846976');
    const before = state.made;
    expect(await send('/v1/things/silent')).toEqual([204, null, null, '']);
    expect(await send('/v1/things/silent')).toEqual([204, null, 'true', '']);
    expect(state.made).toBe(before + 1);
  });

  it('belongs to one caller, method and path', async () => {
    const key = { 'idempotency-key': 'shared-by-two' };
    const first = await stand.post({ size: 1 }, key);
    const other = await stand.call('/v1/things/silent', { method: 'POST', headers: key });
    expect([first.status, other.status]).toEqual([201, 204]);
    const authorization = `Bearer ${writer.key}`;
    const another = await stand.post({ size: 2 }, { ...key, authorization });
    expect([another.status, another.headers.get('idempotency-replayed')]).toEqual([201, null]);
  });

  it('is free again when its run died, and after 7 days', async () => {
    const key = { 'idempotency-key': 'left-behind' };
    const again = async (change: string): Promise<[number, boolean]> => {
      await rows(stand.source, `UPDATE idempotency_key SET ${change} WHERE key = 'left-behind'`);
      const answer = await stand.post({ size: 1 }, key);
      return [answer.status, answer.headers.has('idempotency-replayed')];
    };
    expect((await stand.post({ size: 1 }, key)).status).toBe(201);
    expect(await again('body = NULL')).toEqual([409, false]);
    expect(await again(`locked_until = now() - interval '1 second'`)).toEqual([201, false]);
    expect(await again(`created_at = now() - interval '6 days 23 hours'`)).toEqual([201, true]);
    expect(await again(`created_at = now() - interval '7 days 1 second'`)).toEqual([201, false]);
  });

  it('that was taken over is not kept or let go by the run that lost it', async () => {
    const table = new IdempotencyTable(stand.source);
    const claim = { caller: 'c', route: 'POST /x', key: 'lost-to-another', hash: 'h' };
    const lost = await table.claim(claim);
    await rows(
      stand.source,
      `UPDATE idempotency_key SET locked_until = now() - interval '1 second'`,
    );
    const won = await table.claim(claim);
    if (!('until' in lost) || !('until' in won)) throw new Error('both should hold the lock');
    await table.keep(claim, lost.until, Buffer.from('late'));
    await table.release(claim, lost.until);
    await expect(table.claim(claim)).rejects.toMatchObject({ status: 409 });
    await table.keep(claim, won.until, Buffer.from('right'));
    expect(await table.claim(claim)).toEqual({ kept: Buffer.from('right') });
  });
});
