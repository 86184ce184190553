import { rows } from '#libs/database/database.js';
import { HOUR_MS } from '#libs/time/instant.js';
import { metered } from '#libs/usage/test/metered.js';
import type { Door } from './door.js';
import { type LifeStand, openLife } from './life-stand.js';
import { NOON } from './log-writer.js';
import { DECEMBER, until } from './stand.js';
import { told } from './told.js';

const PAID_AT = '2026-12-03T10:00:00Z';

describe('the life of an invoice', () => {
  let life: LifeStand;
  let call: Door['call'];
  /** Of org_1 to org_6: 5.00 USD each. */
  let numbers: string[];

  beforeAll(async () => {
    life = await openLife(6);
    ({ numbers } = life);
    ({ call } = life.door);
  });
  afterAll(async () => life.close());

  const post = async (path: string, body: unknown, key?: string) =>
    call(`/v1/invoices/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      ...(key !== undefined && { key }),
    });
  const pay = async (number: string, amount: string, reference: string) =>
    post(`${number}/payments`, { amount, paid_at: PAID_AT, reference });
  const read = async (number: string) => (await call(`/v1/invoices/${number}`)).body;
  const typesOf = async (number: string) =>
    (await told(life.stand, number)).map(({ type }) => type);

  it('begins with invoice.issued, told once however many runs there are', async () => {
    const [number = ''] = numbers;
    await life.bill();
    await until(async () => (await told(life.stand, number)).length > 0);
    expect(await told(life.stand, number)).toEqual([
      expect.objectContaining({
        type: 'invoice.issued',
        organization: 'org_1',
        data: expect.objectContaining({ number, total: '5.00', amount_due: '5.00' }),
      }),
    ]);
  });

  it.each<[string, unknown, number, string, string]>([
    // path, body, status, code, pointer
    ['payments', {}, 400, 'invalid_request', '/amount'],
    ['payments', { amount: 1 }, 400, 'invalid_request', '/amount'],
    ['payments', { amount: '-1' }, 400, 'invalid_request', '/amount'],
    ['payments', { amount: '0' }, 400, 'invalid_request', '/amount'],
    ['payments', { amount: '0.005' }, 400, 'invalid_request', '/amount'],
    ['payments', { amount: '5.01' }, 422, 'over_payment', '/amount'],
    ['payments', { paid_at: '2026-12-03' }, 400, 'invalid_request', '/paid_at'],
    ['payments', { reference: '' }, 400, 'invalid_request', '/reference'],
    ['payments', { reference: 'x'.repeat(201) }, 400, 'invalid_request', '/reference'],
    ['payments', { currency: 'EUR' }, 422, 'wrong_currency', '/currency'],
    ['payments', { currency: 'usd' }, 400, 'invalid_request', '/currency'],
    ['payments', { note: 'x' }, 400, 'invalid_request', '/note'],
    ['void', {}, 400, 'invalid_request', '/reason'],
    ['void', { reason: ' ' }, 400, 'invalid_request', '/reason'],
    ['void', { reason: 'x'.repeat(501) }, 400, 'invalid_request', '/reason'],
  ])('%s of %j is %i %s', async (path, part, status, code, pointer) => {
    const whole = { amount: '1', paid_at: PAID_AT, reference: 'bad' };
    const isWhole = path === 'payments' && Object.keys(part as object).length > 0;
    const answer = await post(`${numbers[0]}/${path}`, {
      ...(isWhole && whole),
      ...(part as object),
    });
    expect([answer.status, answer.body.code, answer.body.errors[0].pointer]).toEqual([
      status,
      code,
      pointer,
    ]);
  });

  it('is nothing for another organization, nor for a key that only reads', async () => {
    const [number = ''] = numbers;
    const body = { amount: '1', paid_at: PAID_AT, reference: 'r' };
    const { other, reader } = life.keys;
    const answers = [
      await post(`${number}/payments`, body, other),
      await post(`${number}/void`, { reason: 'r' }, other),
      await post('MB-1/void', { reason: 'r' }),
      await post(`${number}/payments`, body, reader),
    ];
    expect(answers.map((one) => [one.status, one.body.code])).toEqual([
      [404, 'unknown_invoice'],
      [404, 'unknown_invoice'],
      [404, 'unknown_invoice'],
      [403, 'missing_scope'],
    ]);
  });

  it('goes on with a payment in part: less is due, and the rest of the document stays', async () => {
    const [number = ''] = numbers;
    const before = await read(number);
    const { status, body } = await pay(number, '2', 'wire-1');
    expect([status, body]).toEqual([
      201,
      expect.objectContaining({
        invoice: number,
        amount: '2.00',
        currency: 'USD',
        paid_at: PAID_AT,
        reference: 'wire-1',
        amount_due: '3.00',
        state: 'issued',
      }),
    ]);
    expect(await read(number)).toEqual({
      ...before,
      state: 'issued',
      amount_due: '3.00',
      paid: '2.00',
      credited: '0.00',
      refund_due: '0.00',
      voided_at: null,
    });
  });

  it('takes a reference once: again is the same answer, another amount 409', async () => {
    const [number = ''] = numbers;
    const first = await pay(number, '2.00', 'wire-1');
    expect([first.status, first.body.amount_due]).toEqual([201, '3.00']);
    const other = await pay(number, '1', 'wire-1');
    expect([other.status, other.body.code]).toEqual([409, 'reference_conflict']);
    expect((await read(number)).paid).toBe('2.00');
  });

  it('is paid with the last payment, told once; no more is taken', async () => {
    const [number = ''] = numbers;
    expect((await pay(number, '3', 'wire-2')).body).toMatchObject({
      state: 'paid',
      amount_due: '0.00',
    });
    expect(await read(number)).toMatchObject({ state: 'paid', amount_due: '0.00', paid: '5.00' });
    expect((await pay(number, '0.01', 'wire-3')).body.code).toBe('over_payment');
    expect((await post(`${number}/void`, { reason: 'r' })).body.code).toBe('invoice_paid');
    await until(async () => (await typesOf(number)).length > 1);
    expect(await typesOf(number)).toEqual(['invoice.issued', 'invoice.paid']);
    const list = await call('/v1/invoices?state=paid');
    expect(list.body.data.map((one: { number: string }) => one.number)).toEqual([number]);
  });

  it('lists its payments, page by page, to its own organization', async () => {
    const [number = ''] = numbers;
    const path = `/v1/invoices/${number}/payments`;
    const first = (await call(`${path}?limit=1`, { key: life.keys.own })).body;
    expect(first.data).toMatchObject([{ reference: 'wire-1', amount: '2.00', state: 'issued' }]);
    const rest = (await call(`${path}?limit=1&cursor=${first.next_cursor}`)).body;
    expect(rest).toMatchObject({
      data: [{ reference: 'wire-2', amount: '3.00', amount_due: '0.00', state: 'paid' }],
      next_cursor: null,
    });
    const refused = await call(path, { key: life.keys.other });
    expect([refused.status, refused.body.code]).toEqual([404, 'unknown_invoice']);
    const other = await call('/v1/invoices?limit=1');
    const strange = await call(`${path}?cursor=${other.body.next_cursor}`);
    expect([strange.status, strange.body.errors[0].pointer]).toEqual([400, '?cursor']);
  });

  it('is never paid above what is due, by however many at once', async () => {
    const number = numbers[1] as string;
    const tries = Array.from({ length: 12 }, async (_, index) => pay(number, '0.75', `r-${index}`));
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    const countOf = (wanted: number) => statuses.filter((status) => status === wanted).length;
    expect([countOf(201), countOf(422)]).toEqual([6, 6]);
    expect(await read(number)).toMatchObject({ paid: '4.50', amount_due: '0.50' });
  });

  it('takes one of many payments of one reference at once', async () => {
    const number = numbers[2] as string;
    const tries = Array.from({ length: 8 }, async () => pay(number, '5', 'same'));
    const answers = await Promise.all(tries);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });

  it('ends in void while nothing was paid, once and for all, and its month is billed again', async () => {
    const number = numbers[3] as string;
    const { status, body } = await post(`${number}/void`, { reason: 'wrong address' });
    expect([status, body]).toEqual([
      201,
      expect.objectContaining({ number, state: 'void', reason: 'wrong address' }),
    ]);
    expect(await read(number)).toMatchObject({
      state: 'void',
      total: '5.00',
      amount_due: '0.00',
      voided_at: body.voided_at,
    });
    expect((await post(`${number}/void`, { reason: 'again' })).body.code).toBe('invoice_void');
    expect((await pay(number, '1', 'late')).body.code).toBe('invoice_void');
    await until(async () => (await typesOf(number)).length > 1);
    expect(await typesOf(number)).toEqual(['invoice.issued', 'invoice.voided']);
    await life.bill();
    const list = await call('/v1/invoices?organization=org_4&state=issued');
    expect(list.body.data).toEqual([
      expect.objectContaining({ number: 'MB-2026-000007', total: '5.00' }),
    ]);
  });

  it('does not end in void once a later invoice adjusts it, but that one does', async () => {
    const { stand } = life;
    const organization = 'org_5';
    for (const [id, at] of [
      ['late', NOON],
      ['new', DECEMBER.from],
    ] as const)
      await stand.meter([metered(id, { at, quantities: { input: 200_000 } }, { organization })]);
    await stand.caughtUp();
    stand.now = DECEMBER.to + 24 * HOUR_MS;
    await life.bill('2026-12');
    const refused = await post(`${numbers[4]}/void`, { reason: 'r' });
    expect([refused.status, refused.body.code]).toEqual([409, 'has_adjustments']);
    const list = await call(`/v1/invoices?organization=${organization}&period=2026-12`);
    expect(list.body.data[0]).toMatchObject({ total: '2.00', state: 'issued' });
    expect((await post(`${list.body.data[0].number}/void`, { reason: 'r' })).status).toBe(201);
    await life.bill('2026-12');
    const again = await call(
      `/v1/invoices?organization=${organization}&period=2026-12&state=issued`,
    );
    expect(again.body.data).toEqual([expect.objectContaining({ total: '2.00' })]);
    expect((await post(`${again.body.data[0].number}/void`, { reason: 'r' })).status).toBe(201);
    expect((await post(`${numbers[4]}/void`, { reason: 'r' })).status).toBe(201);
  });

  it('does not end in void once anything was paid', async () => {
    const { status, body } = await post(`${numbers[1]}/void`, { reason: 'r' });
    expect([status, body.code]).toEqual([409, 'invoice_paid']);
  });

  it('is in rows that nothing changes', async () => {
    for (const table of ['invoice_payment', 'invoice_void'])
      await expect(rows(life.stand.source, `DELETE FROM ${table}`)).rejects.toThrow(
        'never changes',
      );
    const [{ by } = { by: '' }] = await rows<{ by: string }>(
      life.stand.source,
      'SELECT voided_by AS by FROM invoice_void',
    );
    expect(by).not.toBe('');
  });
});
