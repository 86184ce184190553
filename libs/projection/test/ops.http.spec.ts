import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { newApiKey } from '../../http/api-key.js';
import { createApp } from '../../http/app.js';
import { authProviders } from '../../http/auth.js';
import { KeyDirectory } from '../../http/keys.js';
import { Metrics } from '../../telemetry/metrics.js';
import { OpsController, opsProviders } from '../ops.controller.js';
import { Bench, tally, until } from './tally.js';

const ROOT = '/ops/projections';
const PARTITION = `${ROOT}/test.tally/t/0`;

describe('operator routes', () => {
  let bench: Bench;
  let app: NestFastifyApplication;
  let url: string;
  const admin = newApiKey();
  const reader = newApiKey();

  beforeAll(async () => {
    bench = await Bench.open(1);
    const stored = {
      id: reader.id,
      hash: reader.hash,
      organization: null,
      scopes: ['usage:read' as const],
      expiresAt: null,
      revokedAt: null,
    };
    const keys = { find: async (id: string) => (id === reader.id ? stored : undefined) };
    @Module({
      controllers: [OpsController],
      providers: [
        ...authProviders(admin.key, Date.now),
        ...opsProviders({ source: bench.source, log: bench.log, clock: Date.now }),
        { provide: KeyDirectory, useValue: keys },
      ],
    })
    class OpsModule {}
    const logger = pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });
    app = await createApp(OpsModule, { name: 'ops', logger, metrics: new Metrics('ops') });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    await bench.append(0, [1, 'poison', 3]);
    await bench.start(tally({ maxRecords: 1 }));
    await until(async () => (await bench.row())['halt_reason'] === 'fold_failed');
  });
  afterAll(async () => {
    await app.close();
    await bench.close();
  });

  const call = async (
    path: string,
    options: { key?: string; body?: unknown } = {},
  ): Promise<{ status: number; body: Record<string, unknown> }> => {
    const response = await fetch(`${url}${path}`, {
      method: 'body' in options ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${options.key ?? admin.key}`,
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it('show where each partition stands and why it halted', async () => {
    expect(await call(ROOT)).toEqual({
      status: 200,
      body: {
        data: [
          {
            projection: 'test.tally',
            topic: 't',
            partition: 0,
            next_offset: 1,
            chain_offset: null,
            high: 3,
            lag: 2,
            epoch: 1,
            owner: 'instance-0',
            applied: 1,
            duplicates: 0,
            quarantined: 0,
            digest: '0000000000000001ffffffffffffffff',
            caught_up_at: expect.any(String),
            halted: {
              reason: 'fold_failed',
              detail: expect.stringContaining('poison'),
              at: expect.any(String),
            },
          },
        ],
        next_cursor: null,
      },
    });
  });

  it('need the scope ops', async () => {
    expect((await call(ROOT, { key: reader.key })).status).toBe(403);
    expect((await call(`${PARTITION}/retry`, { key: reader.key, body: {} })).status).toBe(403);
  });

  it.each([
    [`${PARTITION}/quarantine`, {}, 400],
    [`${PARTITION}/quarantine`, { offset: '1' }, 400],
    [`${PARTITION}/quarantine`, { offset: 0 }, 409],
    [`${PARTITION}/accept-gap`, { from: 1, to: 1 }, 409],
    [`${PARTITION}/accept-gap`, { from: 1, to: 1, more: true }, 400],
    [`${ROOT}/test.tally/t/9/retry`, {}, 404],
    [`${ROOT}/test.tally/t/x/retry`, {}, 400],
  ])('refuse %s with %j by %i', async (path, body, status) => {
    expect((await call(path, { body })).status).toBe(status);
  });

  it('take a retry without a body, and the record out of the way', async () => {
    expect(await call(`${PARTITION}/retry`, { body: undefined })).toMatchObject({
      status: 200,
      body: { halted: null },
    });
    await until(async () => (await bench.row())['halt_reason'] === 'fold_failed');
    expect(
      await call(`${PARTITION}/quarantine`, { body: { offset: 1, note: 'a test' } }),
    ).toMatchObject({ status: 200, body: { next_offset: 1, halted: null } });
    await until(async () => (await bench.position()) === 3);
    expect(await bench.folded()).toEqual({ records: 2, twice: 0, units: 4 });
  });
});
