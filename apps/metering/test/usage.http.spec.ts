import { ReadStand } from './read-stand.js';

const NOVEMBER = 'from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z';

describe('usage door', () => {
  let stand: ReadStand;

  beforeAll(async () => {
    stand = await ReadStand.open();
    await stand.caughtUp(0, 7);
    await stand.hours(
      { hour: '2026-11-16T09:00Z', requests: 2, counts: { input: 10, cached_input: 4 } },
      { hour: '2026-11-16T09:00Z', project: 'p', counts: { input: 3, audio_ms: 1500 } },
      { hour: '2026-11-16T10:00Z', model: 'n', counts: { output: 7, searches: 1 } },
      { hour: '2026-11-17T23:00Z', api_key: 'k', adapter: 'x', service_tier: 'batch' },
      { hour: '2026-12-01T00:00Z', counts: { input: '36893488147419103233' } },
      // Voided: in the table, and no usage.
      { hour: '2026-11-18T00:00Z', model: 'voided', requests: 0 },
      { hour: '2026-11-16T09:00Z', organization: 'org_b', requests: 99 },
    );
  });
  afterAll(async () => stand.close());

  it('has one row for the range, with every pool, and says how far it has read', async () => {
    const { status, body } = await stand.get(`/v1/usage?${NOVEMBER}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      data: [
        {
          from: '2026-11-01T00:00:00Z',
          to: '2026-12-01T00:00:00Z',
          requests: 5,
          tokens: {
            input: 13,
            cached_input: 4,
            cache_write_5m: 0,
            cache_write_1h: 0,
            output: 7,
            reasoning: 0,
            audio_input: 0,
            audio_output: 0,
            image_input: 0,
            image_output: 0,
            video_input: 0,
          },
          audio_ms: 1500,
          characters: 0,
          images: 0,
          searches: 1,
        },
      ],
      next_cursor: null,
      as_of: {
        positions: { 'usage.recorded': { 0: 7 } },
        caught_up_at: '2026-11-16T12:00:00Z',
        lag_ms: 0,
      },
    });
  });

  it('prints integers exactly, however large', async () => {
    const { text } = await stand.get('/v1/usage?from=2026-12-01T00:00:00Z&to=2026-12-02T00:00:00Z');
    expect(text).toContain('"input":36893488147419103233,');
  });

  it.each([
    // window  starts                                          requests
    ['hour', ['2026-11-16T09', '2026-11-16T10', '2026-11-17T23'], [3, 1, 1]],
    ['day', ['2026-11-16T00', '2026-11-17T00'], [4, 1]],
    ['month', ['2026-11-01T00'], [5]],
  ])('cuts the range into UTC %ss', async (window, starts, requests) => {
    const { body } = await stand.get(`/v1/usage?${NOVEMBER}&window=${window}`);
    const data = body['data'] as { from: string; requests: number }[];
    expect(data.map((row) => row.requests)).toEqual(requests);
    expect(data.map(({ from }) => from.slice(0, 13))).toEqual(starts);
  });

  it('cuts the first and the last bucket to the range', async () => {
    const query = 'from=2026-11-16T10:00:00Z&to=2026-12-01T01:00:00Z&window=month';
    const { body } = await stand.get(`/v1/usage?${query}`);
    const data = body['data'] as Record<string, unknown>[];
    expect(data.map(({ from, to, requests }) => [from, to, requests])).toEqual([
      ['2026-11-16T10:00:00Z', '2026-12-01T00:00:00Z', 2],
      ['2026-12-01T00:00:00Z', '2026-12-01T01:00:00Z', 1],
    ]);
  });

  it('groups by what is asked for, null where the usage does not say', async () => {
    const query = `${NOVEMBER}&window=day&group_by=project,model&group_by[]=api_key`;
    const { body } = await stand.get(`/v1/usage?${query}`);
    const data = body['data'] as Record<string, unknown>[];
    expect(
      data.map(({ from, model, project, api_key }) => [from, model, project, api_key]),
    ).toEqual([
      ['2026-11-16T00:00:00Z', 'm', null, null],
      ['2026-11-16T00:00:00Z', 'm', 'p', null],
      ['2026-11-16T00:00:00Z', 'n', null, null],
      ['2026-11-17T00:00:00Z', 'm', null, 'k'],
    ]);
    expect(data[0]).not.toHaveProperty('adapter');
    expect(data[0]).not.toHaveProperty('service_tier');
  });

  it.each([
    // filter               requests
    ['model=n', [1]],
    ['project=', [4]],
    ['project=p', [1]],
    ['project=nobody', []],
    ['service_tier=batch&adapter=x&api_key=k', [1]],
    ['adapter=', [4]],
    ['api_key=&model=m', [3]],
  ])('counts %s alone', async (filter, requests) => {
    const { body } = await stand.get(`/v1/usage?${NOVEMBER}&${filter}`);
    expect((body['data'] as { requests: number }[]).map((row) => row.requests)).toEqual(requests);
  });

  it('pages without a row twice or left out, also when rows come in between', async () => {
    const path = `/v1/usage?${NOVEMBER}&window=hour&group_by=model,project&limit=1`;
    const whole = (await stand.pages(path.replace('&limit=1', ''))).flat();
    const [first] = await stand.pages(path);
    expect((await stand.pages(path)).flat()).toEqual(whole);
    expect((await stand.pages(path)).map(({ length }) => length)).toEqual([1, 1, 1, 1]);
    const { body } = await stand.get(path);
    await stand.hours({ hour: '2026-11-02T00:00Z', model: 'early' });
    const rest = await stand.pages(path, 'a', body['next_cursor'] as string);
    expect([...(first ?? []), ...rest.flat()]).toEqual(whole);
    await stand.source.query(`DELETE FROM usage_hour WHERE model = 'early'`);
  });

  it('answers about any organization to a key that is bound to none', async () => {
    const { body } = await stand.get(`/v1/usage?${NOVEMBER}&organization=org_b`, 'all');
    expect(body['data']).toMatchObject([{ requests: 99 }]);
  });

  it.each([
    // query                                             refusal
    [`${NOVEMBER}&organization=org_b`, 'a', 404, 'unknown_organization'],
    [NOVEMBER, 'all', 400, 'invalid_request', '?organization missing_field'],
    [NOVEMBER, 'write', 403, 'missing_scope'],
    [NOVEMBER, '', 401, 'missing_api_key'],
    ['', 'a', 400, 'invalid_request', '?from missing_field', '?to missing_field'],
    ['to=2026-12-01T00:00:00Z', 'a', 400, 'invalid_request', '?from missing_field'],
    [
      NOVEMBER.replace('from=2026-11-01T00', 'from=2026-11-01T00:30'),
      'a',
      400,
      'invalid_request',
      '?from invalid_value',
    ],
    [
      'from=2026-11-01T00:30:00Z&to=2026-12-01T00:00:00Z',
      'a',
      400,
      'invalid_request',
      '?from invalid_value',
    ],
    [
      'from=2026-11-01T00:00:00Z&to=2026-11-01T00:00:00.001Z',
      'a',
      400,
      'invalid_request',
      '?to invalid_value',
    ],
    [
      'from=2026-11-01T00:00:00Z&to=2026-11-01T00:00:00Z',
      'a',
      400,
      'invalid_request',
      '?to invalid_value',
    ],
    ['from=2026-11-01&to=2026-12-01T00:00:00Z', 'a', 400, 'invalid_request', '?from invalid_value'],
    [`${NOVEMBER}&window=week`, 'a', 400, 'invalid_request', '?window invalid_value'],
    [`${NOVEMBER}&service_tier=gold`, 'a', 400, 'invalid_request', '?service_tier invalid_value'],
    [`${NOVEMBER}&group_by=model,user`, 'a', 400, 'invalid_request', '?group_by invalid_value'],
    [`${NOVEMBER}&modle=m`, 'a', 400, 'invalid_request', '?modle unknown_parameter'],
    [`${NOVEMBER}&model=a%00`, 'a', 400, 'invalid_request', '?model invalid_value'],
    [`${NOVEMBER}&limit=501`, 'a', 400, 'invalid_request', '?limit invalid_value'],
    [`${NOVEMBER}&cursor=abc`, 'a', 400, 'invalid_request', '?cursor invalid_cursor'],
    [`${NOVEMBER}&organization=acme`, 'all', 400, 'invalid_request', '?organization invalid_value'],
    [`${NOVEMBER}&at_least=usage.recorded:0:8&wait_ms=0`, 'a', 503, 'not_yet'],
    [
      `${NOVEMBER}&at_least=billing.events:0:1`,
      'a',
      400,
      'invalid_request',
      '?at_least invalid_value',
    ],
  ])('refuses %s with the key %j', async (query, key, ...refusal) => {
    expect(await stand.refusal(`/v1/usage?${query}`, key)).toEqual(refusal);
  });

  it('refuses a cursor of another grouping', async () => {
    const { body } = await stand.get(`/v1/usage?${NOVEMBER}&window=hour&limit=1`);
    const cursor = String(body['next_cursor']);
    expect(await stand.refusal(`/v1/usage?${NOVEMBER}&group_by=model&cursor=${cursor}`)).toEqual([
      400,
      'invalid_request',
      '?cursor invalid_cursor',
    ]);
  });
});
