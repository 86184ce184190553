import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { INestMicroservice } from '@nestjs/common';
import { newApiKey } from '#libs/http/api-key.js';
import { Authenticator } from '#libs/http/authenticator.js';
import { notFound, Problem } from '#libs/http/problem.js';
import { freePort } from '#libs/stack/ports.js';
import type { Decision, ReservationRequest } from '../domain/decision.js';
import { Admission } from '../grpc/admission.js';
import { rateLimitServer } from '../grpc/rate-limit-server.js';
import { RateLimitController } from '../grpc/rate-limit.controller.js';
import { askBytes, askRateLimit, field } from './rate-limit-client.js';

const ADMIN = newApiKey().key;
const BOUND = newApiKey();
const READER = newApiKey();

/** Admits up to 1,000 tokens at once; more is too large. Fails for models of these names. */
class FakeAdmission extends Admission {
  readonly asked: ReservationRequest[] = [];
  readonly released: string[] = [];

  override async reserve(request: ReservationRequest): Promise<Decision> {
    this.asked.push(request);
    if (request.model === 'unknown') throw notFound('unknown_model', 'There is no model unknown.');
    if (request.model === 'away') throw new Problem(503, 'database_unavailable', 'Away.');
    if (request.model === 'broken') throw new Error('secret detail');
    const isRefused = request.inputTokens > 1_000n;
    const numbers = { limit: 1_000n, used: 0n, requested: request.inputTokens, retryInNs: null };
    return {
      id: 'dec_1',
      at: 0,
      organization: request.organization,
      profile: 'groq',
      tier: 'free',
      request,
      outcome: isRefused ? 'refused' : 'admitted',
      violated: isRefused
        ? [{ kind: 'too_large', name: 'tokens_per_minute', scope: 'organization', ...numbers }]
        : [],
      windows: [
        {
          name: 'tokens_per_minute',
          scope: 'organization',
          limit: 1_000n,
          used: 0n,
          remaining: 1_000n,
          windowSeconds: 60,
          fullInNs: 0n,
        },
      ],
      held: null,
      reservation: isRefused ? null : `rsv_${this.asked.length}`,
      leased: false,
    };
  }

  override async release(_: string, reservation: string): Promise<void> {
    this.released.push(reservation);
  }

  override async contextOf() {
    return { currency: 'USD' };
  }
}

const admission = new FakeAdmission();
const stored = [
  { key: BOUND, organization: 'org_acme', scopes: ['quota:reserve'] as const },
  { key: READER, organization: null, scopes: ['usage:read'] as const },
].map(({ key: { id, hash }, ...rest }) => ({
  id,
  hash,
  ...rest,
  expiresAt: null,
  revokedAt: null,
}));
const keys = new Authenticator(ADMIN, Date.now, {
  find: async (id) => stored.find((one) => one.id === id),
});

@Module({
  controllers: [RateLimitController],
  providers: [
    { provide: Admission, useValue: admission },
    { provide: Authenticator, useValue: keys },
  ],
})
class RateLimitModule {}

const names = (entries: Record<string, string>) => ({
  entries: Object.entries(entries).map(([key, value]) => ({ key, value })),
});
const LLAMA = names({ organization: 'org_acme', model: 'llama' });

describe('rate limit service of Envoy', () => {
  let app: INestMicroservice;
  let address: string;
  const ask = async (descriptors: object[], hits: number, key = ADMIN) =>
    askRateLimit(address, { domain: 'envoy', descriptors, hits_addend: hits }, key);

  beforeAll(async () => {
    const port = await freePort();
    address = `127.0.0.1:${port}`;
    app = await NestFactory.createMicroservice(RateLimitModule, {
      ...rateLimitServer({ host: '127.0.0.1', port }),
      logger: false,
    });
    await app.listen();
  });
  beforeEach(() => {
    admission.asked.length = 0;
    admission.released.length = 0;
  });
  afterAll(async () => app.close());

  it('admits, and tells the node the reservation', async () => {
    const { code, response } = await ask([LLAMA], 900);
    expect(code).toBe(0);
    expect(response).toMatchObject({
      overall_code: 'OK',
      statuses: [
        {
          code: 'OK',
          current_limit: { requests_per_unit: 1_000, unit: 'MINUTE', name: 'tokens_per_minute' },
          limit_remaining: 1_000,
        },
      ],
      request_headers_to_add: [{ key: 'meterbook-reservation', value: 'rsv_1' }],
    });
    expect(admission.asked).toMatchObject([{ inputTokens: 900n, maxOutputTokens: 0n }]);
  });

  it('refuses with the fields and the body of the profile', async () => {
    const { response } = await ask([LLAMA], 5_000);
    expect(response.overall_code).toBe('OVER_LIMIT');
    expect(response.response_headers_to_add).toEqual(
      expect.arrayContaining([
        { key: 'meterbook-decision-id', value: 'dec_1' },
        { key: 'x-ratelimit-limit-tokens', value: '1000' },
        { key: 'x-should-retry', value: 'false' },
        { key: 'meterbook-status', value: '413' },
      ]),
    );
    const body = JSON.parse(response.raw_body.toString()) as { error: { message: string } };
    expect(body.error.message).toContain('Limit 1000, Requested 5000');
  });

  it('gives back what was held when another descriptor is refused or fails', async () => {
    const large = names({ organization: 'org_acme', model: 'other', input_tokens: '2000' });
    const { response } = await ask([LLAMA, large], 10);
    expect(response.overall_code).toBe('OVER_LIMIT');
    expect(admission.released).toEqual(['rsv_1']);
    const failing = names({ organization: 'org_acme', model: 'unknown' });
    expect((await ask([LLAMA, failing], 10)).code).toBe(5);
    expect(admission.released).toEqual(['rsv_1', 'rsv_3']);
  });

  it('is spoken byte by byte as Envoy does', async () => {
    const entry = (key: string, value: string) =>
      field(1, Buffer.concat([field(1, key), field(2, value)]));
    const descriptor = Buffer.concat([entry('organization', 'org_acme'), entry('model', 'llama')]);
    const hits = Buffer.from([3 * 8, 0x88, 0x27]);
    const request = Buffer.concat([field(1, 'envoy'), field(2, descriptor), hits]);
    const answer = await askBytes(address, request, ADMIN);
    // overall_code is field 1, a varint: 2 is OVER_LIMIT. 0x88 0x27 are 5,000 hits.
    expect([...answer.subarray(0, 2)]).toEqual([8, 2]);
    expect(answer.includes(Buffer.concat([field(1, 'meterbook-status'), field(2, '413')]))).toBe(
      true,
    );
    expect(admission.asked).toMatchObject([{ organization: 'org_acme', inputTokens: 5_000n }]);
  });

  it('takes the organization of a bound key', async () => {
    expect((await ask([names({ model: 'llama' })], 1, BOUND.key)).response.overall_code).toBe('OK');
    const other = names({ organization: 'org_other', model: 'llama' });
    const { code, message } = await ask([other], 1, BOUND.key);
    expect([code, message]).toEqual([5, 'There is no organization org_other.']);
  });

  it.each([
    ['without a key', '', LLAMA, 16, 'Send the API key as Authorization: Bearer mb_…'],
    ['with a key that is none', newApiKey().key, LLAMA, 16, 'There is no such API key.'],
    ['without the scope', READER.key, LLAMA, 7, 'This key lacks the scope quota:reserve.'],
    [
      'without a model',
      ADMIN,
      names({ organization: 'org_a' }),
      3,
      'descriptors[0]: model is needed',
    ],
    [
      'of an unknown model',
      ADMIN,
      names({ organization: 'org_a', model: 'unknown' }),
      5,
      'There is no model unknown.',
    ],
    [
      'while the database is away',
      ADMIN,
      names({ organization: 'org_a', model: 'away' }),
      14,
      'Away.',
    ],
    [
      'that meets a fault',
      ADMIN,
      names({ organization: 'org_a', model: 'broken' }),
      2,
      'Something went wrong here.',
    ],
  ])('answers a question %s with its status', async (_, key, descriptor, status, text) => {
    const { code, message } = await ask([descriptor], 1, key);
    expect([code, message]).toEqual([status, text]);
  });
});
