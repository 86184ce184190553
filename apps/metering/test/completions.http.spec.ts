import { ReadStand } from './read-stand.js';

const PATH = '/v1/organization/usage/completions';
const unix = (text: string): number => Date.parse(text) / 1_000;
const DAY = unix('2026-11-15T00:00Z');
const NEXT = unix('2026-11-16T00:00Z');

type Bucket = { start_time: number; end_time: number; results: Record<string, unknown>[] };

describe('completions door', () => {
  let stand: ReadStand;

  async function buckets(query: string, key = 'a', more = {}): Promise<Bucket[]> {
    const { body } = await stand.get(`${PATH}?${query}`, key, more);
    return body['data'] as Bucket[];
  }

  async function requests(query: string): Promise<unknown[]> {
    const found = await buckets(query);
    return found.flatMap(({ results }) => results.map((result) => result['num_model_requests']));
  }

  beforeAll(async () => {
    stand = await ReadStand.open();
    await stand.caughtUp(0, 7);
    await stand.hours(
      { hour: '2026-11-15T09:00Z', requests: 2, counts: { input: 10, cached_input: 4 } },
      { hour: '2026-11-15T09:00Z', project: 'p', requests: 4, counts: { output: 3, reasoning: 2 } },
      {
        hour: '2026-11-15T23:00Z',
        service_tier: 'batch',
        requests: 8,
        api_key: 'k',
        end_user: 'u',
      },
      { hour: '2026-11-16T10:00Z', model: 'n', requests: 16, counts: { cache_write_1h: 6 } },
      { hour: '2026-11-15T09:00Z', organization: 'org_b', requests: 99 },
    );
  });
  afterAll(async () => stand.close());

  it('is a page of buckets as OpenAI has it, up to now, empty ones too', async () => {
    const { status, body } = await stand.get(`${PATH}?start_time=${DAY - 86_400}`);
    expect(status).toBe(200);
    const none = { project_id: null, user_id: null, api_key_id: null, model: null, batch: null };
    const result = {
      object: 'organization.usage.completions.result',
      input_tokens: 14,
      input_cached_tokens: 4,
      input_cache_write_tokens: 0,
      input_uncached_tokens: 10,
      output_tokens: 5,
      input_text_tokens: 10,
      output_text_tokens: 5,
      input_audio_tokens: 0,
      output_audio_tokens: 0,
      input_image_tokens: 0,
      output_image_tokens: 0,
      input_cached_text_tokens: null,
      input_cached_audio_tokens: null,
      input_cached_image_tokens: null,
      num_model_requests: 14,
      ...none,
      service_tier: null,
    };
    expect(body).toMatchObject({ object: 'page', has_more: false, next_page: null });
    expect(body['as_of']).toMatchObject({ positions: { 'usage.recorded': { 0: 7 } } });
    const data = body['data'] as Bucket[];
    expect(data.map((bucket) => [bucket.start_time, bucket.end_time])).toEqual([
      [DAY - 86_400, DAY],
      [DAY, NEXT],
      [NEXT, NEXT + 86_400],
    ]);
    expect(data[0]).toEqual({
      object: 'bucket',
      start_time: DAY - 86_400,
      end_time: DAY,
      results: [],
    });
    expect(data[1]?.results).toEqual([result]);
    expect(data[2]?.results).toMatchObject([{ input_tokens: 6, input_cache_write_tokens: 6 }]);
  });

  it('gives pages that lead to one another', async () => {
    const query = `start_time=${DAY + 8 * 3600}&end_time=${DAY + 10 * 3600 + 1}&bucket_width=1h&limit=2`;
    const first = await stand.get(`${PATH}?${query}`);
    expect(first.body).toMatchObject({ has_more: true, next_page: expect.any(String) });
    const second = await stand.get(`${PATH}?${query}&page=${String(first.body['next_page'])}`);
    expect(second.body).toMatchObject({ has_more: false, next_page: null });
    const both = [first, second].flatMap(({ body }) => body['data'] as Bucket[]);
    expect(both.map(({ start_time, results }) => [start_time, results.length])).toEqual([
      [DAY + 8 * 3600, 0],
      [DAY + 9 * 3600, 1],
      [DAY + 10 * 3600, 0],
    ]);
  });

  it.each([
    ['1d', 7],
    ['1h', 24],
  ])('gives as many buckets of %s as OpenAI where no limit is asked for', async (width, count) => {
    expect(await buckets(`start_time=0&bucket_width=${width}`)).toHaveLength(count);
  });

  it('names the groups in each way of writing a list', async () => {
    const groups = 'group_by[]=project_id&group_by[]=batch&group_by=user_id,model';
    const [bucket] = await buckets(`start_time=${DAY}&end_time=${NEXT}&${groups}`);
    const named = bucket?.results.map(({ project_id, batch, user_id, model, service_tier }) => [
      project_id,
      batch,
      user_id,
      model,
      service_tier,
    ]);
    expect(named).toEqual([
      [null, false, null, 'm', null],
      ['p', false, null, 'm', null],
      [null, true, 'u', 'm', null],
    ]);
  });

  it.each([
    // filter                     requests
    ['models=n', [16]],
    ['models=n&models=m', [14, 16]],
    ['models[]=n,m', [14, 16]],
    ['project_ids[]=p', [4]],
    ['api_key_ids=k', [8]],
    ['user_ids=u', [8]],
    ['user_ids[]=nobody', []],
    ['batch=true', [8]],
    ['batch=false', [6, 16]],
  ])('counts %s alone', async (filter, wanted) => {
    expect(await requests(`start_time=${DAY}&${filter}`)).toEqual(wanted);
  });

  it('takes the organization from the header where the key has none', async () => {
    const more = { 'openai-organization': 'org_b' };
    const [bucket] = await buckets(`start_time=${DAY}`, 'all', more);
    expect(bucket?.results).toMatchObject([{ num_model_requests: 99 }]);
  });

  it('does not show another organization, also not by the header', async () => {
    const more = { 'openai-organization': 'org_b' };
    const { status, body } = await stand.get(`${PATH}?start_time=${DAY}`, 'a', more);
    expect([status, body['code']]).toEqual([404, 'unknown_organization']);
  });

  it('says what is wrong as OpenAI says it', async () => {
    const { body } = await stand.get(`${PATH}?start_time=${DAY}&bucket_width=1m`);
    expect(body['error']).toEqual({
      message: '?bucket_width: must be 1h or 1d: usage is kept by the hour, 1m is not to be had',
      type: 'invalid_request_error',
      param: 'bucket_width',
      code: 'invalid_request',
    });
  });

  it.each([
    ['', 'a', 400, 'invalid_request', '?start_time missing_field'],
    ['start_time=now', 'a', 400, 'invalid_request', '?start_time invalid_value'],
    ['start_time=-1', 'a', 400, 'invalid_request', '?start_time invalid_value'],
    ['start_time=5&end_time=5', 'a', 400, 'invalid_request', '?end_time invalid_value'],
    ['start_time=5&bucket_width=1m', 'a', 400, 'invalid_request', '?bucket_width invalid_value'],
    ['start_time=5&limit=32', 'a', 400, 'invalid_request', '?limit invalid_value'],
    ['start_time=5&limit=0', 'a', 400, 'invalid_request', '?limit invalid_value'],
    ['start_time=5&limit=169&bucket_width=1h', 'a', 400, 'invalid_request', '?limit invalid_value'],
    ['start_time=5&group_by=line_item', 'a', 400, 'invalid_request', '?group_by invalid_value'],
    ['start_time=5&models=a,b%00', 'a', 400, 'invalid_request', '?models invalid_value'],
    ['start_time=5&page=x', 'a', 400, 'invalid_request', '?page invalid_cursor'],
    ['start_time=5&batch=maybe', 'a', 400, 'invalid_request', '?batch invalid_value'],
    ['start_time=5&sizes=1', 'a', 400, 'invalid_request', '?sizes unknown_parameter'],
    ['start_time=5', 'all', 400, 'invalid_request', 'openai-organization missing_field'],
    ['start_time=5', 'write', 403, 'missing_scope'],
    ['start_time=5', '', 401, 'missing_api_key'],
  ])('refuses %s with the key %j', async (query, key, ...refusal) => {
    expect(await stand.refusal(`${PATH}?${query}`, key)).toEqual(refusal);
  });
});
