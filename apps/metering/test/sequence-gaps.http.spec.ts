import { ReadStand } from './read-stand.js';

describe('sequence gaps door', () => {
  let stand: ReadStand;

  async function seen(source: string, ranges: string, at: string): Promise<void> {
    await stand.insert('sequence_seen', { source, seen: ranges, at: new Date(at) });
  }

  async function gaps(query: string): Promise<unknown[]> {
    const { body } = await stand.get(`/v1/sequence-gaps?${query}`, 'ops');
    const data = body['data'] as { source: string; missing: { from: number; to: number }[] }[];
    return data.map(({ source, missing }) =>
      [source, ...missing.map(({ from, to }) => `${from}-${to}`)].join(' '),
    );
  }

  beforeAll(async () => {
    stand = await ReadStand.open();
    await stand.caughtUp(0, 7);
    // In any order, and some twice: 4 and 8 to 10 never came.
    await seen('//node/17', '{[5,8),[11,12)}', '2026-11-16T10:00:00Z');
    await seen('//node/17', '{[1,4),[6,7)}', '2026-11-16T11:00:00Z');
    await seen('//node/whole', '{[1,5)}', '2026-11-16T09:00:00Z');
    await seen('//node/whole', '{[5,9)}', '2026-11-16T08:00:00Z');
    await seen('//Node/big', '{[100000000000000000,100000000000000001)}', '2026-11-16T07:00:00Z');
    await seen('//Node/big', '{[999999999999999999,1000000000000000000)}', '2026-11-16T07:00:00Z');
  });
  afterAll(async () => stand.close());

  it('shows what never came, half-open, and when the source was last heard of', async () => {
    const { status, body } = await stand.get('/v1/sequence-gaps?source=//node/17', 'all');
    expect(status).toBe(200);
    expect(body).toEqual({
      data: [
        {
          source: '//node/17',
          missing: [
            { from: 4, to: 5 },
            { from: 8, to: 11 },
          ],
          missing_count: 4,
          since: '2026-11-16T11:00:00Z',
        },
      ],
      next_cursor: null,
      as_of: expect.objectContaining({ positions: { 'usage.recorded': { 0: 7 } } }),
    });
  });

  it('prints numbers exactly', async () => {
    const { text } = await stand.get('/v1/sequence-gaps?source=//Node/big', 'ops');
    expect(text).toContain(
      '"missing":[{"from":100000000000000001,"to":999999999999999999}],"missing_count":899999999999999998',
    );
  });

  it.each([
    // query                                                        sources and ranges
    ['', ['//Node/big', '//node/17 4-5 8-11']],
    ['source=//node/whole', ['//node/whole']],
    ['source=//node/whole&from=0&to=11', ['//node/whole 0-1 9-11']],
    ['source=//node/whole&from=20', ['//node/whole']],
    ['source=//node/17&to=9', ['//node/17 4-5 8-9']],
    ['source=//node/17&from=5', ['//node/17 8-11']],
    ['source=//node/unknown', []],
    ['from=2026-11-16T11:00:00Z', ['//node/17 4-5 8-11']],
    ['to=2026-11-16T11:00:00Z', ['//Node/big']],
    ['from=2026-11-16T11:00:00.001Z', []],
  ])('answers %j with %j', async (query, wanted) => {
    const found = (await gaps(query)).map((line) => String(line).replace(/(big) .*/, '$1'));
    expect(found).toEqual(wanted);
  });

  it('shows no more than a thousand ranges of a source, and how many numbers are missing', async () => {
    await stand.source.query(
      `INSERT INTO sequence_seen (source, seen)
       SELECT '//two/by/two', range_agg(int8range(n * 2, n * 2 + 1)) FROM generate_series(1, 2000) AS n`,
    );
    const { body } = await stand.get('/v1/sequence-gaps?source=//two/by/two', 'ops');
    const [found] = body['data'] as { missing: unknown[]; missing_count: number }[];
    expect([found?.missing.length, found?.missing[0], found?.missing_count]).toEqual([
      1_000,
      { from: 3, to: 4 },
      1_999,
    ]);
    await stand.source.query(`DELETE FROM sequence_seen WHERE source = '//two/by/two'`);
  });

  it('pages by source', async () => {
    const pages = await stand.pages('/v1/sequence-gaps?limit=1', 'ops');
    expect(pages.map((page) => page.map(({ source }) => source))).toEqual([
      ['//Node/big'],
      ['//node/17'],
    ]);
  });

  it.each([
    ['', 'a', 403, 'missing_scope'],
    ['', 'write', 403, 'missing_scope'],
    ['', '', 401, 'missing_api_key'],
    ['source=', 'ops', 400, 'invalid_request', '?source invalid_value'],
    ['source=a%00', 'ops', 400, 'invalid_request', '?source invalid_value'],
    ['from=-1', 'ops', 400, 'invalid_request', '?from invalid_value'],
    ['to=1234567890123456789', 'ops', 400, 'invalid_request', '?to invalid_value'],
    ['from=5&to=5', 'ops', 400, 'invalid_request', '?to invalid_value'],
    ['cursor=x', 'ops', 400, 'invalid_request', '?cursor invalid_cursor'],
    ['organization=org_a', 'ops', 400, 'invalid_request', '?organization unknown_parameter'],
  ])('refuses %s with the key %j', async (query, key, ...refusal) => {
    expect(await stand.refusal(`/v1/sequence-gaps?${query}`, key)).toEqual(refusal);
  });
});
