import { USAGE_REJECTED } from '#libs/events/topics.js';
import { MESSAGE } from '#libs/testing/usage-message.js';
import { EventsStand } from './events-stand.js';

const PATH = '/api/v1/events';
const ONE = { 'content-type': 'application/cloudevents+json' };
const BATCH = { 'content-type': 'application/cloudevents-batch+json' };
const PLAIN = { 'content-type': 'application/json' };

const LITELLM = {
  specversion: '1.0',
  type: 'litellm_tokens',
  id: 'chatcmpl-9',
  time: '2026-11-24T09:29:00.123456+00:00',
  subject: 'user-42',
  source: 'litellm-proxy',
  data: { model: 'gpt-5', cost: 0.1, prompt_tokens: 8, completion_tokens: 2, total_tokens: 10 },
};

let stand: EventsStand;
let bound: { authorization: string };

beforeAll(async () => {
  stand = await EventsStand.start();
  bound = { authorization: `Bearer ${stand.key('usage:write', 'org_acme')}` };
});

afterAll(async () => {
  await stand.stop();
});

const json = (value: unknown) => JSON.stringify(value);
const send = async (body: string, headers: Record<string, string>) =>
  stand.post(PATH, body, { ...headers, ...bound });

describe('POST /api/v1/events', () => {
  it.each<[string, Record<string, string>, unknown]>([
    ['one event of LiteLLM', ONE, LITELLM],
    ['a batch', BATCH, [LITELLM, { ...LITELLM, id: 'chatcmpl-10' }]],
    ['plain JSON of one', PLAIN, { ...LITELLM, time: null, datacontenttype: null }],
    ['plain JSON of many', PLAIN, [LITELLM]],
    ['an empty array', PLAIN, []],
    ['a repeat', ONE, LITELLM],
    ['our own type', ONE, { ...MESSAGE, subject: 'user-1' }],
  ])('answers 204 and nothing else to %s', async (_case, headers, body) => {
    const answer = await send(json(body), headers);
    expect(answer).toMatchObject({ status: 204, body: {} });
  });

  it('logs events of our type for the key’s organization, with the subject as end user', async () => {
    await send(json({ ...LITELLM, id: 'mapped-1' }), ONE);
    const record = (await stand.logged()).find((value) => value.includes('mapped-1')) ?? '{}';
    expect(JSON.parse(record)).toEqual({
      specversion: '1.0',
      type: 'dev.meterbook.usage.v1',
      id: 'mapped-1',
      time: '2026-11-24T09:29:00.123456+00:00',
      subject: 'org_acme',
      source: 'litellm-proxy',
      mbmapped: 'true',
      mbtype: 'litellm_tokens',
      mbcost: '0.1',
      mbpoolsincomplete: 'true',
      data: { model: 'gpt-5', user: 'user-42', tokens: { input: 8, output: 2 } },
    });
  });

  it('keeps the good ones, names the bad ones by index and parks them', async () => {
    const before = (await stand.logged(USAGE_REJECTED)).length;
    const bad = { ...LITELLM, id: 'bad-1', data: { model: 'm' } };
    const answer = await send(json([{ ...LITELLM, id: 'kept-1' }, bad]), BATCH);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      code: 'events_rejected',
      errors: [{ pointer: '/1/data', code: 'no_usage' }],
      rejected: [{ index: 1, id: 'bad-1', reason: 'no_usage', pointer: '/data' }],
    });
    expect((await stand.logged()).some((value) => value.includes('kept-1'))).toBe(true);
    const parked = (await stand.logged(USAGE_REJECTED)).slice(before).map((v) => JSON.parse(v));
    expect(parked).toEqual([
      expect.objectContaining({
        reason: 'no_usage',
        organization: 'org_acme',
        source: LITELLM.source,
        id: 'bad-1',
        raw: Buffer.from(json(bad)).toString('base64'),
      }),
    ]);
  });

  it('parks a body that is not JSON, for it will not come again', async () => {
    const before = (await stand.logged(USAGE_REJECTED)).length;
    expect((await send('[{"id":', BATCH)).status).toBe(400);
    expect((await send('{"id":', ONE)).status).toBe(400);
    expect((await stand.logged(USAGE_REJECTED)).length).toBe(before + 2);
  });

  it('takes an organization as subject when the key is bound to none', async () => {
    const event = { ...LITELLM, id: 'unbound', subject: 'org_other' };
    expect((await stand.post(PATH, json(event), ONE)).status).toBe(204);
    const answer = await stand.post(PATH, json(LITELLM), ONE);
    expect(answer.body).toMatchObject({ errors: [{ pointer: '/subject' }] });
  });

  it('answers 503 when the log is away, and 415 to another media type', async () => {
    stand.log.available(false);
    const away = await send(json(LITELLM), ONE);
    stand.log.available(true);
    expect(away.status).toBe(503);
    expect(away.headers.get('retry-after')).toBe('5');
    expect((await send(json(LITELLM), { 'content-type': 'text/plain' })).status).toBe(415);
  });
});
