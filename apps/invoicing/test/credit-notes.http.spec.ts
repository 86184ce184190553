import { rows } from '#libs/database/database.js';
import type { Door } from './door.js';
import { type LifeStand, openLife } from './life-stand.js';
import { until } from './stand.js';
import { told } from './told.js';

describe('credit notes', () => {
  let life: LifeStand;
  let call: Door['call'];
  /** Of org_1 to org_4: one line of 5.00 USD each. */
  let numbers: string[];

  beforeAll(async () => {
    life = await openLife(4);
    ({ numbers } = life);
    ({ call } = life.door);
  });
  afterAll(async () => life.close());

  const post = async (
    path: string,
    body: unknown,
    init: { key?: string; headers?: Record<string, string> } = {},
  ) => call(path, { method: 'POST', body: JSON.stringify(body), ...init });
  const credit = async (number: string, lines: unknown, reason: unknown = 'slow answers') =>
    post(`/v1/invoices/${number}/credit-notes`, { lines, reason });
  const read = async (number: string) => (await call(`/v1/invoices/${number}`)).body;

  it.each<[unknown, number, string, string]>([
    // lines, status, code, pointer
    [[], 400, 'invalid_request', '/lines'],
    ['all', 400, 'invalid_request', '/lines'],
    [[7], 400, 'invalid_request', '/lines/0'],
    [[{ line: 1 }], 400, 'invalid_request', '/lines/0'],
    [[{ line: 1, amount: '1', quantity: 1 }], 400, 'invalid_request', '/lines/0'],
    [[{ line: 0, amount: '1' }], 400, 'invalid_request', '/lines/0/line'],
    [[{ line: '1', amount: '1' }], 400, 'invalid_request', '/lines/0/line'],
    [[{ line: 1, amount: 1 }], 400, 'invalid_request', '/lines/0/amount'],
    [[{ line: 1, amount: '-1' }], 400, 'invalid_request', '/lines/0/amount'],
    [[{ line: 1, amount: '0' }], 400, 'invalid_request', '/lines/0/amount'],
    [[{ line: 1, amount: '0.001' }], 400, 'invalid_request', '/lines/0/amount'],
    [[{ line: 1, quantity: 1.5 }], 400, 'invalid_request', '/lines/0/quantity'],
    [[{ line: 1, quantity: 2 ** 53 }], 400, 'invalid_request', '/lines/0/quantity'],
    [[{ line: 1, amount: '1', why: 'x' }], 400, 'invalid_request', '/lines/0/why'],
    [[{ line: 2, amount: '1' }], 422, 'unknown_line', '/lines/0/line'],
    [[{ line: 1, amount: '5.01' }], 422, 'above_line', '/lines/0/amount'],
    [[{ line: 1, quantity: 1_000_001 }], 422, 'above_line', '/lines/0/quantity'],
    [[{ line: 1, quantity: 1 }], 422, 'nothing_to_credit', '/lines/0/quantity'],
  ])('of %j are %i %s', async (lines, status, code, pointer) => {
    const answer = await credit(numbers[0] as string, lines);
    expect([answer.status, answer.body.code, answer.body.errors?.[0]?.pointer]).toEqual([
      status,
      code,
      pointer,
    ]);
  });

  it.each([[''], [' '], [7], [undefined], ['x'.repeat(501)]])('for %j are 400', async (reason) => {
    const body = { lines: [{ line: 1, amount: '1' }], ...(reason !== undefined && { reason }) };
    const answer = await post(`/v1/invoices/${numbers[0]}/credit-notes`, body);
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, '/reason']);
  });

  it('take back part of a line, under a number of their own; less is due', async () => {
    const [number = ''] = numbers;
    const first = await credit(number, [{ line: 1, amount: '1.25' }]);
    expect([first.status, first.headers.get('location'), first.body]).toEqual([
      201,
      '/v1/credit-notes/CN-MB-2026-000001',
      expect.objectContaining({
        number: 'CN-MB-2026-000001',
        invoice: number,
        organization: 'org_1',
        currency: 'USD',
        total: '1.25',
        reason: 'slow answers',
        lines: [expect.objectContaining({ line: 1, amount: '1.25', model: 'llama' })],
      }),
    ]);
    const second = await credit(number, [{ line: 1, quantity: 100_000 }]);
    expect(second.body).toMatchObject({ number: 'CN-MB-2026-000002', total: '0.50' });
    expect(await read(number)).toMatchObject({
      state: 'issued',
      total: '5.00',
      credited: '1.75',
      amount_due: '3.25',
    });
    const above = await credit(number, [{ line: 1, amount: '3.26' }]);
    expect([above.status, above.body.code]).toEqual([422, 'above_line']);
    const refused = await post(`/v1/invoices/${number}/void`, { reason: 'r' });
    expect([refused.status, refused.body.code]).toEqual([409, 'has_credit_notes']);
  });

  it('are told once each, and read as they were issued', async () => {
    const [number = ''] = numbers;
    await until(async () => (await told(life.stand, number)).length > 2);
    expect(
      (await told(life.stand, number)).map(({ type, data }) => [type, data['number']]),
    ).toEqual([
      ['invoice.issued', number],
      ['credit_note.issued', 'CN-MB-2026-000001'],
      ['credit_note.issued', 'CN-MB-2026-000002'],
    ]);
    const list = await call(`/v1/credit-notes?invoice=${number}&limit=1`);
    const rest = await call(`/v1/credit-notes?invoice=${number}&cursor=${list.body.next_cursor}`);
    const listed = [...list.body.data, ...rest.body.data];
    expect(listed.map((one) => one.number)).toEqual(['CN-MB-2026-000002', 'CN-MB-2026-000001']);
    const one = await call('/v1/credit-notes/CN-MB-2026-000001');
    expect(one.body).toEqual(listed[1]);
  });

  it('print as PDF', async () => {
    const headers = { accept: 'application/pdf' };
    const answer = await call('/v1/credit-notes/CN-MB-2026-000001', { headers });
    expect([answer.status, answer.text.slice(0, 5)]).toEqual([200, '%PDF-']);
    const invoice = await call(`/v1/invoices/${numbers[0]}`, { headers });
    expect([invoice.status, invoice.text.slice(0, 5)]).toEqual([200, '%PDF-']);
  });

  it('are one for one idempotency key', async () => {
    const path = `/v1/invoices/${numbers[1]}/credit-notes`;
    const body = { lines: [{ line: 1, amount: '1' }], reason: 'r' };
    const init = { headers: { 'idempotency-key': 'note-0001' } };
    const answers = [await post(path, body, init), await post(path, body, init)];
    expect(answers.map((one) => [one.status, one.body.number])).toEqual([
      [201, 'CN-MB-2026-000003'],
      [201, 'CN-MB-2026-000003'],
    ]);
    expect((await read(numbers[1] as string)).credited).toBe('1.00');
  });

  it('at once never exceed the line, and leave no gap in the numbers', async () => {
    const number = numbers[2] as string;
    const tries = Array.from({ length: 10 }, async () =>
      credit(number, [{ line: 1, amount: '0.9' }]),
    );
    const answers = await Promise.all(tries);
    const made = answers.filter(({ status }) => status === 201).map(({ body }) => body.number);
    const wanted = [4, 5, 6, 7, 8].map((last) => `CN-MB-2026-00000${last}`);
    expect([made.length, new Set(made)]).toEqual([5, new Set(wanted)]);
    expect(await read(number)).toMatchObject({ credited: '4.50', amount_due: '0.50' });
  });

  it('of a paid invoice say what is to be refunded', async () => {
    const number = numbers[3] as string;
    const payment = { amount: '4', paid_at: '2026-12-03T10:00:00Z', reference: 'w' };
    await post(`/v1/invoices/${number}/payments`, payment);
    await credit(number, [{ line: 1, amount: '1' }]);
    expect(await read(number)).toMatchObject({ state: 'paid', amount_due: '0.00' });
    await credit(number, [{ line: 1, amount: '2.5' }]);
    expect(await read(number)).toMatchObject({ state: 'paid', refund_due: '2.50', paid: '4.00' });
    const types = async () => (await told(life.stand, number)).map(({ type }) => type);
    await until(async () => (await types()).length > 3);
    expect((await types()).filter((type) => type === 'invoice.paid')).toHaveLength(1);
  });

  it('are nothing for another organization, nor for a key that only reads', async () => {
    const { own, other, reader } = life.keys;
    const path = `/v1/invoices/${numbers[0]}/credit-notes`;
    const body = { lines: [{ line: 1, amount: '1' }], reason: 'r' };
    const answers = [
      await post(path, body, { key: other }),
      await call('/v1/credit-notes/CN-MB-2026-000001', { key: other }),
      await call('/v1/credit-notes?organization=org_1', { key: other }),
      await post(path, body, { key: reader }),
    ];
    expect(answers.map((one) => [one.status, one.body.code])).toEqual([
      [404, 'unknown_invoice'],
      [404, 'unknown_credit_note'],
      [404, 'unknown_organization'],
      [403, 'missing_scope'],
    ]);
    const lists = [
      await call('/v1/credit-notes', { key: other }),
      await call('/v1/credit-notes', { key: own }),
    ];
    expect(lists.map((one) => one.body.data.length)).toEqual([0, 2]);
  });

  it('are in rows that nothing changes', async () => {
    for (const table of ['credit_note', 'credit_note_line'])
      await expect(
        rows(life.stand.source, `UPDATE ${table} SET invoice = invoice`),
      ).rejects.toThrow('never changes');
  });
});
