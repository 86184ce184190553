import type { Decision, Violation, WindowView } from './decision.js';
import { type Answered, envoyResponse } from './envoy-response.js';

const window = (change: Partial<WindowView> = {}): WindowView => ({
  name: 'tokens_per_minute',
  scope: 'organization',
  limit: 6_000n,
  used: 13n,
  remaining: 5_987n,
  windowSeconds: 60,
  fullInNs: 130_000_000n,
  ...change,
});
const REQUESTS = window({
  name: 'requests_per_day',
  limit: 14_400n,
  used: 7_200n,
  remaining: 7_200n,
  windowSeconds: 86_400,
  fullInNs: 43_200_500_000_000n,
});

function answered(change: Partial<Decision>, status = 201): Answered {
  const decision = {
    outcome: status === 201 ? 'admitted' : 'refused',
    violated: [],
    windows: [window(), REQUESTS],
    reservation: status === 201 ? 'rsv_1' : null,
    ...change,
  } as unknown as Decision;
  const body = status === 201 ? null : { error: { message: 'no' } };
  return { decision, answer: { status, headers: { 'retry-after': '2' }, body } };
}

describe('answer to Envoy', () => {
  it('of an admitted request tells the node its reservation, and the limit that is nearest to its end', () => {
    expect(envoyResponse([answered({})])).toEqual({
      overall_code: 'OK',
      statuses: [
        {
          code: 'OK',
          current_limit: { requests_per_unit: 14_400, unit: 'DAY', name: 'requests_per_day' },
          limit_remaining: 7_200,
          duration_until_reset: { seconds: '43200', nanos: 500_000_000 },
        },
      ],
      response_headers_to_add: [{ key: 'retry-after', value: '2' }],
      request_headers_to_add: [{ key: 'meterbook-reservation', value: 'rsv_1' }],
      raw_body: Buffer.from(''),
    });
  });

  it('of a refused one forwards fields and body, with the status of the profile', () => {
    const violated = [{ name: 'tokens_per_minute', scope: 'organization' } as Violation];
    const response = envoyResponse([answered({}), answered({ violated }, 413)]);
    expect(response).toMatchObject({
      overall_code: 'OVER_LIMIT',
      statuses: [
        { code: 'OK' },
        {
          code: 'OVER_LIMIT',
          current_limit: { name: 'tokens_per_minute' },
          limit_remaining: 5_987,
        },
      ],
      response_headers_to_add: [
        { key: 'retry-after', value: '2' },
        { key: 'meterbook-status', value: '413' },
      ],
      request_headers_to_add: [],
    });
    expect(response.raw_body.toString()).toBe('{"error":{"message":"no"}}');
  });

  it.each([
    ['no limit at all', [], { code: 'OK' }],
    [
      'a limit above 32 bits',
      [window({ limit: 2n ** 40n, remaining: 2n ** 40n - 13n })],
      { current_limit: { requests_per_unit: 4_294_967_295 }, limit_remaining: 4_294_967_295 },
    ],
    [
      'a limit of 0, never full again',
      [window({ limit: 0n, remaining: 0n, fullInNs: null, scope: 'project' })],
      { current_limit: { name: 'project_tokens_per_minute', requests_per_unit: 0 } },
    ],
  ])('shows %s', (_, windows, expected) => {
    const [status] = envoyResponse([answered({ windows })]).statuses;
    expect(status).toMatchObject(expected);
    expect(status?.duration_until_reset === undefined).toBe(windows[0]?.fullInNs == null);
  });
});
