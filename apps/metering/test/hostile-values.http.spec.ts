// Every parameter of every door that reads, as the OpenAPI document tells them, with texts that would end a statement.
import { ReadStand } from './read-stand.js';

const TEXTS = [
  `x' OR '1'='1`,
  `x'; DROP TABLE usage_hour; --`,
  `") UNION SELECT * FROM usage_hour --`,
  `\\'; SELECT pg_sleep(5); --`,
  `$1`,
  `%`,
  `{"$gt":""}`,
  `'||(SELECT version())||'`,
] as const;

interface Parameter {
  readonly name: string;
  readonly in: string;
}
type Paths = Record<string, Record<string, { readonly parameters: readonly Parameter[] }>>;

/** What makes each door answer 200, so that a text reaches the statement and not only the first check. */
const SOUND: Readonly<Record<string, string>> = {
  '/v1/usage':
    'organization=org_a&from=2026-11-01T00:00:00Z&to=2026-11-16T12:00:00Z&group_by=model',
  '/v1/events': 'organization=org_a&source=s&id=none',
  '/v1/organization/usage/completions': 'start_time=1793491200',
};

describe('a hostile value in a parameter', () => {
  let stand: ReadStand;
  let doors: [string, string][];

  beforeAll(async () => {
    stand = await ReadStand.open();
    await stand.caughtUp(0, 7);
    await stand.hours({ hour: '2026-11-16T09:00Z', model: 'secret', counts: { input: 10 } });
    const paths = (await stand.get('/openapi.json', '')).body['paths'] as Paths;
    doors = Object.entries(paths)
      .filter(([path]) => path.startsWith('/v1/'))
      .flatMap(([path, { get }]) =>
        (get?.parameters ?? [])
          .filter((one) => one.in === 'query' && one.name !== 'wait_ms')
          .map(({ name }): [string, string] => [path, name]),
      );
  });
  afterAll(async () => stand.close());

  function asked(path: string, name: string, text: string): string {
    const query = new URLSearchParams(SOUND[path] ?? '');
    query.set(name, text);
    return `${path}?${query.toString()}`;
  }

  it('has many doors to go through, each answering when it is asked soundly', async () => {
    expect(doors.length).toBeGreaterThan(30);
    for (const [path, query] of Object.entries(SOUND)) {
      const { status } = await stand.get(`${path}?${query}`, 'a');
      expect([path, status]).toEqual([path, path === '/v1/events' ? 404 : 200]);
    }
  });

  it.each(TEXTS)('is a value and no more: %s', async (text) => {
    const bad: string[] = [];
    let reached = 0;
    for (const key of ['a', 'ops'])
      for (const [path, name] of doors) {
        const started = performance.now();
        const answer = await stand.get(asked(path, name, text), key);
        if (answer.status === 200) reached += 1;
        const isSlow = performance.now() - started > 4_000;
        // What matches a hostile text is nothing: the one row must not come with it.
        const isFilter = ['model', 'models', 'project', 'project_ids', 'adapter'].includes(name);
        const isShown = isFilter && answer.text.includes('"secret"');
        if (answer.status >= 500 || isSlow || isShown)
          bad.push(`${key} ${path} ${name} ${answer.status}`);
      }
    expect(bad).toEqual([]);
    // Refused at the first check it would prove nothing.
    expect(reached).toBeGreaterThan(5);
    const left = await stand.get(`/v1/usage?${SOUND['/v1/usage']}`, 'a');
    expect(left.text).toContain('"secret"');
  });
});
