// Envoy's door and HTTP are one limiter: what one holds the other counts, and refusals are the same words.
import { freePort } from '#libs/stack/ports.js';
import { type Door, openDoor } from './door.js';
import { askRateLimit } from './rate-limit-client.js';
import { Stand } from './stand.js';

describe('the limiter behind Envoy', () => {
  let stand: Stand;
  let door: Door;
  let address: string;

  const ask = async (
    entries: Record<string, string>,
    hits = 0,
    more: Record<string, string>[] = [],
  ) => {
    const descriptors = [entries, ...more].map((one) => ({
      entries: Object.entries(one).map(([key, value]) => ({ key, value })),
    }));
    return askRateLimit(address, { domain: 'x', descriptors, hits_addend: hits }, door.adminKey);
  };
  const used = async () => {
    const { body } = await door.ask('/v1/organizations/org_acme/limits?model=llama');
    const [model] = body['models'] as { limits: { name: string; used: number }[] }[];
    return model?.limits.find(({ name }) => name === 'tokens_per_minute')?.used;
  };

  beforeAll(async () => {
    const grpcPort = await freePort();
    address = `127.0.0.1:${grpcPort}`;
    stand = await Stand.open();
    door = await openDoor(stand, { grpcPort });
    await stand.publish();
    await stand.register();
    await door.ask(
      '/v1/organizations/org_acme/limits?at_least=accounts:0:1,catalog:0:1&wait_ms=9000',
    );
  });
  afterAll(async () => {
    await door.close();
    await stand.close();
  });

  it('holds by gRPC what HTTP then counts', async () => {
    const names = { organization: 'org_acme', model: 'llama', max_output_tokens: '600' };
    const { code, response } = await ask({ ...names, input_tokens: '300' });
    expect([code, response.overall_code]).toEqual([0, 'OK']);
    expect(await used()).toBe(900);
    const [{ value: id }] = response.request_headers_to_add as [{ value: string }];
    const { body } = await door.ask(`/v1/reservations/${id}`);
    expect(body).toMatchObject({ id, state: 'held', held: { tokens: 900 } });
  });

  it('refuses with the words of HTTP, and gives back what another descriptor held', async () => {
    const llama = { organization: 'org_acme', model: 'llama' };
    const large = { ...llama, input_tokens: '5200', max_output_tokens: '0' };
    const small = { ...llama, input_tokens: '100', max_output_tokens: '0' };
    const { response } = await ask(small, 0, [large]);
    expect(response.overall_code).toBe('OVER_LIMIT');
    expect(response.statuses.map(({ code }: { code: string }) => code)).toEqual([
      'OK',
      'OVER_LIMIT',
    ]);
    const { error } = JSON.parse(response.raw_body.toString()) as { error: { message: string } };
    expect(error.message).toBe(
      'Rate limit reached for model `llama` in organization `org_acme` service tier `on_demand` on tokens per minute (TPM): Limit 6000, Used 1000, Requested 5200. Please try again in 2s.',
    );
    expect(await used()).toBe(900);
  });

  it.each([
    [{ organization: 'org_nobody', model: 'llama' }, 5, 'There is no organization org_nobody.'],
    [
      { organization: 'org_acme', model: 'nothing' },
      3,
      '/model: "nothing" is not in the catalog in force',
    ],
  ])('answers %j with the gRPC status %i', async (entries, status, text) => {
    const { code, message } = await ask(entries, 1);
    expect([code, message]).toEqual([status, text]);
  });
});
