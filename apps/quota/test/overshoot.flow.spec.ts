// 200 clients at a hard limit, two processes of quota, kill -9 in between: not a femto too much, and nobody who was let in is lost.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeFact } from '#libs/events/account-facts.js';
import { encodeCatalogFact } from '#libs/events/catalog-fact.js';
import { encodeMetered, type MeteredEvent } from '#libs/events/metered-batch.js';
import {
  ACCOUNTS,
  CATALOG as CATALOG_TOPIC,
  TOPICS,
  USAGE_METERED,
  USAGE_RECORDED,
} from '#libs/events/topics.js';
import { newApiKey } from '#libs/http/api-key.js';
import { type EventLog, LogUnavailable } from '#libs/log/event-log.js';
import { openLog } from '#libs/log/open-log.js';
import { formatExact, parseMoney } from '#libs/money/money.js';
import { freePort } from '#libs/stack/ports.js';
import { startService, untilServiceReady } from '#libs/stack/service-process.js';
import { freshDatabaseUrl } from '#libs/testing/postgres.js';
import { metered } from '#libs/usage/test/metered.js';
import { CATALOG } from './reservation-stand.js';
import { PROFILE } from './stand.js';

const CLIENTS = 200;
const LIMIT = '0.12';
/** 100 input and 100 output tokens at 5 and 10 per million: the limit is for 80 of them. */
const WORST = 1_500_000_000_000n;
const ADMIN = newApiKey();

interface Admitted {
  readonly id: string;
  readonly input: number;
  readonly output: number;
}

describe('a hard limit under 200 clients, two instances and kill -9', () => {
  const folder = mkdtempSync(join(tmpdir(), 'overshoot-'));
  const instances: { port: number; pid: number }[] = [];
  let log: EventLog;
  let env: Record<string, string>;
  let kills = 0;

  async function start(index: number): Promise<void> {
    const port = instances[index]?.port ?? (await freePort());
    const logFile = join(folder, `quota-${index}-${kills}.log`);
    const pid = startService({ name: 'quota', port, logFile, env });
    instances[index] = { port, pid };
    await untilServiceReady(`http://127.0.0.1:${port}`, pid, logFile);
  }

  async function call(client: number, method: string, path: string, body?: object) {
    for (;;) {
      const port = instances[(client + Math.floor(Math.random() * 2)) % 2]?.port;
      try {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
          method,
          headers: { authorization: `Bearer ${ADMIN.key}`, 'content-type': 'application/json' },
          ...(body ? { body: JSON.stringify(body) } : {}),
        });
        const text = await answer.text();
        if (answer.status < 500) return { status: answer.status, body: JSON.parse(text || '{}') };
      } catch {
        // Killed in mid-answer: the same name asks again.
      }
      await sleep(20);
    }
  }

  beforeAll(async () => {
    const logUrl = await freshDatabaseUrl('log');
    env = {
      DATABASE_URL: await freshDatabaseUrl('quota'),
      LOG_DATABASE_URL: logUrl,
      EVENT_LOG: 'embedded',
      MB_ADMIN_KEY: ADMIN.key,
      TOPIC_PARTITIONS: '1',
      LOG_LEVEL: 'warn',
    };
    log = await openLog({ kind: 'embedded', clientId: 'test', databaseUrl: logUrl });
    await log.ensureTopics(TOPICS.map(({ name }) => ({ name, partitions: 1 })));
    const recordedAt = Date.now();
    const common = { version: 1 as const, recordedAt, organization: 'org_acme' };
    const from = Date.UTC(2026, 0, 1);
    const facts = [
      {
        ...common,
        type: 'OrganizationRegistered' as const,
        profile: { ...PROFILE, tier: 'open' },
        effectiveFrom: from,
      },
      {
        ...common,
        type: 'SpendLimitSet' as const,
        project: null,
        amount: LIMIT,
        mode: 'hard' as const,
        alerts: [50],
        effectiveFrom: from,
      },
    ].map((fact, index) => ({ key: null, value: encodeFact({ factId: index + 1, fact }) }));
    await log.append(ACCOUNTS, 0, facts);
    const fact = {
      catalogVersion: '2026-11-a',
      effectiveFrom: Date.UTC(2026, 10, 1),
      mediaType: 'application/yaml' as const,
      document: Buffer.from(CATALOG),
      recordedAt,
    };
    await log.append(CATALOG_TOPIC, 0, [
      { key: null, value: encodeCatalogFact({ factId: 1, fact }) },
    ]);
    await Promise.all([start(0), start(1)]);
    const spend = '/v1/organizations/org_acme/spend';
    while ((await call(0, 'GET', spend)).body.limit !== LIMIT) await sleep(20);
  }, 60_000);

  afterAll(async () => {
    for (const { pid } of instances) process.kill(pid, 'SIGKILL');
    await log.close();
  });

  it('overshoots by exactly nothing, and settles everything that was admitted', async () => {
    const admitted: Admitted[] = [];
    const unsettled: Admitted[] = [];
    const over = new AbortController();
    const odd: unknown[] = [];
    let refused = 0;

    const client = async (index: number): Promise<void> => {
      for (let turn = 0; !over.signal.aborted; turn += 1) {
        const asked = {
          request_id: `client-${index}-${turn}`,
          organization: 'org_acme',
          model: 'llama',
          input_tokens: 100,
          max_output_tokens: 100,
        };
        const { status, body } = await call(index, 'POST', '/v1/reservations', asked);
        if (status === 201) {
          const output = Math.floor(Math.random() * 101);
          const one = { id: body.id as string, input: 100, output };
          admitted.push(one);
          unsettled.push(one);
        } else {
          if (body.error?.code !== 'blocked_api_access') odd.push([status, body]);
          refused += 1;
          await sleep(100);
        }
      }
    };

    // On a busy machine the log may not answer in time; a batch that comes twice counts once.
    const append = async (value: Buffer): Promise<void> => {
      try {
        await log.append(USAGE_METERED, 0, [{ key: null, value }]);
      } catch (error) {
        if (!(error instanceof LogUnavailable)) throw error;
        await append(value);
      }
    };
    let to = 0;
    const settle = async (): Promise<void> => {
      const batch = unsettled.splice(0);
      if (batch.length === 0) return;
      const events = batch.map(({ id, input, output }, index): MeteredEvent => {
        const part = { at: Date.now(), quantities: { input, output } };
        return { ...metered(`of-${id}`, part, { offset: to + index }), reservation: id };
      });
      const range = { from: to, to: to + events.length };
      to = range.to;
      const value = encodeMetered({ version: 1, partition: 0, ...range, events });
      await append(value);
    };
    const node = async (): Promise<void> => {
      while (!over.signal.aborted) {
        await settle();
        await sleep(50);
      }
    };
    const killer = async (): Promise<void> => {
      while (!over.signal.aborted && kills < 4) {
        await sleep(300);
        const index = kills % 2;
        process.kill(instances[index]?.pid ?? 0, 'SIGKILL');
        kills += 1;
        await start(index);
      }
    };
    let most = 0n;
    const watcher = async (): Promise<void> => {
      const deadline = Date.now() + 80_000;
      while (Date.now() < deadline) {
        const { body } = await call(0, 'GET', '/v1/organizations/org_acme/spend');
        const spent = parseMoney(body.spent_exact as string);
        const taken = spent + parseMoney(body.held_exact as string);
        if (taken > most) most = taken;
        if (kills === 4 && parseMoney(LIMIT) - spent < WORST) break;
        await sleep(30);
      }
      over.abort();
    };

    const others = [node(), killer(), watcher()];
    await Promise.all(Array.from({ length: CLIENTS }, async (_, index) => client(index)));
    await Promise.all(others);
    await settle();

    const cost = admitted.reduce(
      (sum, { input, output }) =>
        sum + BigInt(input) * 5_000_000_000n + BigInt(output) * 10_000_000_000n,
      0n,
    );
    const query = `at_least=${encodeURIComponent(`${USAGE_RECORDED}:0:${to}`)}&wait_ms=10000`;
    const path = `/v1/organizations/org_acme/spend?${query}`;
    const { status, body } = await call(0, 'GET', path);
    expect([status, body.spent_exact, body.held_exact]).toEqual([200, formatExact(cost), '0']);
    expect(odd).toEqual([]);
    expect(cost).toBeLessThanOrEqual(parseMoney(LIMIT));
    expect(most).toBeLessThanOrEqual(parseMoney(LIMIT));
    // The limit was really met: less than one more request is left, and many were turned away.
    expect(parseMoney(LIMIT) - cost).toBeLessThan(WORST);
    expect(refused).toBeGreaterThan(CLIENTS);
    expect(kills).toBe(4);
    expect(new Set(admitted.map(({ id }) => id)).size).toBe(admitted.length);
    for (const { id } of admitted.slice(0, 20))
      expect((await call(0, 'GET', `/v1/reservations/${id}`)).body.state).toBe('settled');
  }, 150_000);
});
