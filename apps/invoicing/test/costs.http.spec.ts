import { metered } from '#libs/usage/test/metered.js';
import { DAY_MS } from '#libs/time/instant.js';
import { formatExact, parseMoney } from '#libs/money/money.js';
import { type Door, openDoor } from './door.js';
import { NOON } from './log-writer.js';
import { CLOSABLE, NOVEMBER, Stand, until } from './stand.js';

const PATH = '/v1/organization/costs';
const START = NOVEMBER.from / 1_000;
const END = NOVEMBER.to / 1_000;
const DAY = 86_400;
const ORGANIZATION = { 'openai-organization': 'org_acme' };

interface Result {
  readonly amount: { readonly value: number; readonly value_exact: string };
  readonly project_id: string | null;
  readonly line_item: string | null;
}
interface Bucket {
  readonly start_time: number;
  readonly results: readonly Result[];
}

describe('the costs door', () => {
  let stand: Stand;
  let door: Door;
  let acme: string;
  let other: string;
  let writer: string;

  const get = async (query: string, key?: string, headers: Record<string, string> = ORGANIZATION) =>
    door.call(`${PATH}?${query}`, { headers, ...(key !== undefined && { key }) });
  const buckets = async (query: string) => (await get(query)).body.data as Bucket[];
  const exactSum = (data: readonly Bucket[]) =>
    formatExact(
      data
        .flatMap(({ results }) => results)
        .reduce((sum, { amount }) => sum + parseMoney(amount.value_exact), 0n),
    );

  beforeAll(async () => {
    stand = await Stand.open();
    door = await openDoor(stand);
    await stand.publish();
    await stand.register('org_acme', 'team');
    await stand.register('org_other', 'free');
    acme = await stand.key('org_acme');
    other = await stand.key('org_other');
    writer = await stand.key('org_acme', ['usage:write']);
    await stand.meter([
      metered('a', { at: NOON, quantities: { input: 1_000_001 }, project: 'chat' }),
      metered('b', { at: NOON + DAY_MS, quantities: { output: 3 } }),
      metered('c', { at: NOON, quantities: { input: 7 } }, { organization: 'org_other' }),
    ]);
    await stand.caughtUp();
  });
  afterAll(async () => {
    await door.close();
    await stand.close();
  });

  it('gives days as OpenAI does, empty ones too, up to now', async () => {
    const { status, body } = await get(`start_time=${START + 14 * DAY}`, acme, {});
    expect(status).toBe(200);
    expect(body).toMatchObject({ object: 'page', has_more: false, next_page: null });
    expect(body.data).toEqual([
      { object: 'bucket', start_time: START + 14 * DAY, end_time: START + 15 * DAY, results: [] },
      {
        object: 'bucket',
        start_time: START + 15 * DAY,
        end_time: START + 16 * DAY,
        results: [
          {
            object: 'organization.costs.result',
            amount: {
              value: 5.000005,
              value_exact: '5.000005',
              value_decimal: '5.000005',
              currency: 'usd',
            },
            line_item: null,
            project_id: null,
            api_key_id: null,
            quantity: null,
            quantity_unit: null,
          },
        ],
      },
    ]);
    expect(body.as_of.positions['usage.recorded']).toEqual({ 0: 3, 1: 0 });
  });

  it('sums to the draft of the month, whatever it is grouped by', async () => {
    const draft = await door.call('/v1/organizations/org_acme/upcoming-invoice');
    for (const groups of [
      '',
      '&group_by=project_id',
      '&group_by[]=project_id&group_by[]=line_item',
    ]) {
      const data = await buckets(`start_time=${START}&end_time=${END}&limit=31${groups}`);
      expect(data).toHaveLength(30);
      expect(exactSum(data)).toBe(draft.body.subtotal_exact);
    }
    expect(draft.body.subtotal_exact).toBe('25.000035');
  });

  it('names projects and lines, and gives those asked for', async () => {
    const range = `start_time=${START}&end_time=${END}&limit=31&group_by=project_id,line_item`;
    const named = async (query: string) =>
      (await buckets(range + query)).flatMap(({ results }) =>
        results.map((one) => [one.project_id, one.line_item, one.amount.value_exact]),
      );
    const [fee, chat, late] = await named('');
    expect([fee, chat, late]).toEqual([
      [null, 'Monthly fee: team', '20'],
      ['chat', 'llama input', '5.000005'],
      [null, 'llama output', '0.00003'],
    ]);
    expect(await named('&project_ids[]=chat')).toEqual([chat]);
    expect(await named('&line_items=llama%20output,x')).toEqual([late]);
    expect(await named('&line_items[]=Monthly%20fee:%20team&project_ids=chat')).toEqual([]);
  });

  it('takes back what was used on a free tier, so that it costs nothing', async () => {
    const query = `start_time=${START}&end_time=${END}&limit=31`;
    const { body } = await get(`${query}&group_by=line_item`, other, {});
    const results = (body.data as Bucket[]).flatMap((bucket) => bucket.results);
    expect(results.map((one) => [one.line_item, one.amount.value])).toEqual([
      ['Usage on the free tier: at no charge', -0.000035],
      ['llama input', 0.000035],
    ]);
  });

  it('gives pages that lead to one another', async () => {
    const query = `start_time=${START + 14 * DAY}&end_time=${START + 17 * DAY}&limit=2`;
    const first = await get(query);
    expect(first.body.has_more).toBe(true);
    const second = await get(`${query}&page=${first.body.next_page}`);
    expect(second.body).toMatchObject({ has_more: false, next_page: null });
    const starts = [first, second].flatMap(({ body }) => body.data as Bucket[]);
    expect(starts.map(({ start_time }) => (start_time - START) / DAY)).toEqual([14, 15, 16]);
  });

  it.each([
    // query, param
    ['', 'start_time'],
    ['start_time=now', 'start_time'],
    ['start_time=5&end_time=5', 'end_time'],
    ['start_time=5&bucket_width=1h', 'bucket_width'],
    ['start_time=5&limit=181', 'limit'],
    ['start_time=5&limit=0', 'limit'],
    ['start_time=5&group_by=api_key_id', 'group_by'],
    ['start_time=5&page=x', 'page'],
    ['start_time=5&project_ids=a%00', 'project_ids'],
    ['start_time=5&models=a', 'models'],
  ])('says what is wrong with %j as OpenAI says it', async (query, param) => {
    const { status, body } = await get(query);
    expect([status, body.error.param, body.error.type]).toEqual([
      400,
      param,
      'invalid_request_error',
    ]);
    expect(body.error.message).toEqual(expect.any(String));
  });

  it.each([
    [() => acme, { 'openai-organization': 'org_other' }, 404, 'unknown_organization'],
    [() => undefined, {}, 400, 'invalid_request'],
    [() => undefined, { 'openai-organization': 'org_ghost' }, 404, 'unknown_organization'],
    [() => undefined, { 'openai-organization': 'acme' }, 400, 'invalid_request'],
    [() => writer, {}, 403, 'missing_scope'],
    [() => '', {}, 401, 'missing_api_key'],
  ])('refuses who may not ask (%#)', async (key, headers, status, code) => {
    const { status: seen, body } = await get('start_time=5', key(), headers);
    expect([seen, body.error.code]).toEqual([status, code]);
  });

  it('sums to the issued invoice, also when more usage has come since', async () => {
    stand.now = CLOSABLE;
    const body = JSON.stringify({ period: '2026-11' });
    const run = await door.call('/v1/billing-runs', { method: 'POST', body });
    await until(async () => {
      const { body: seen } = await door.call(`/v1/billing-runs/${run.body.id}`);
      return seen.state === 'done';
    });
    await stand.meter([metered('late', { at: NOON, quantities: { input: 13 } })]);
    await stand.caughtUp();
    const { body: invoices } = await door.call('/v1/invoices?organization=org_acme');
    const data = await buckets(`start_time=${START}&end_time=${END}&limit=31&group_by=project_id`);
    expect(exactSum(data)).toBe(invoices.data[0].subtotal_exact);
    // What came late is charged in December, on its first day.
    const next = `start_time=${END}&end_time=${END + 31 * DAY}&limit=31&group_by=line_item`;
    const late = (await buckets(next)).map(({ results }) => results.map((one) => one.line_item));
    expect(late[0]).toEqual(['Late usage of 2026-11: llama input', 'Monthly fee: team']);
  });
});
