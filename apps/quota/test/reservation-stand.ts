// The reservation routes for specs: quota's whole app over a Stand, and the few calls that they make.
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { decodeQuotaEvent, type QuotaEvent } from '#libs/events/quota-event.js';
import { QUOTA_EVENTS } from '#libs/events/topics.js';
import { newApiKey } from '#libs/http/api-key.js';
import { createApp } from '#libs/http/app.js';
import { ProjectionServer } from '#libs/projection/projection-server.js';
import { metered } from '#libs/usage/test/metered.js';
import type { UsageDelta } from '#libs/events/metered-batch.js';
import { quotaRunners, type QuotaParts } from '../consumers/quota-runners.js';
import { QuotaModule } from '../quota.module.js';
import { Stand } from './stand.js';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

/** Prices per million: input 5, cached 2.5, output 10; `small` answers at most 100 tokens. Free and developer tiers. */
export const CATALOG = `version: 2026-11-a
effective_from: 2026-11-01T00:00:00Z
currency: USD
models:
  llama: { prices: { on_demand: { input: "5", cached_input: "2.5", output: "10" }, batch: { input: "2", output: "4" } } }
  small: { max_output_tokens: 100, prices: { on_demand: { input: "1", output: "1" } } }
  embed: { prices: { on_demand: { input: "1" } } }
  whisper: { prices: { on_demand: { audio_ms: "30" } } }
tiers:
  free:
    monthly_fee: "0"
    usage: free
    features: []
    limits: { llama: { requests_per_minute: 30, tokens_per_minute: 6000 } }
  developer:
    monthly_fee: "0"
    usage: metered
    features: []
    limits:
      llama: { requests_per_minute: 1000, tokens_per_minute: 6000 }
      whisper: { audio_seconds_per_hour: 60 }
  prepaid: { usage: metered, features: [prepaid], limits: {} }
  open: { usage: metered, features: [], limits: {} }
`;

let requests = 0;

export class ReservationStand {
  readonly admin = newApiKey();

  private constructor(
    readonly stand: Stand,
    readonly apps: NestFastifyApplication[],
    private readonly bases: string[],
    private readonly extra: Partial<QuotaParts>,
  ) {}

  /** `instances` apps over one database and one log. */
  static async open(
    instances = 1,
    catalog = CATALOG,
    extra: Partial<QuotaParts> = {},
  ): Promise<ReservationStand> {
    const stand = await Stand.open();
    const made = new ReservationStand(stand, [], [], extra);
    await stand.publish(catalog);
    for (let index = 0; index < instances; index += 1) await made.start();
    return made;
  }

  /** Starts another instance; gives its place among the apps. */
  async start(): Promise<number> {
    const parts = { ...this.stand.parts(), adminKey: this.admin.key, ...this.extra };
    const server = new ProjectionServer(quotaRunners(parts));
    const options = { name: 'quota', logger: parts.logger, metrics: parts.metrics };
    const app = await createApp(QuotaModule.with(parts, server), options);
    app.connectMicroservice({ strategy: server });
    await app.listen({ port: 0, host: '127.0.0.1' });
    await app.startAllMicroservices();
    this.apps.push(app);
    return this.bases.push(await app.getUrl()) - 1;
  }

  async call(method: string, path: string, body?: unknown, more: CallOptions = {}): Promise<Reply> {
    const answer = await fetch(`${this.bases[more.instance ?? 0]}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${more.key ?? this.admin.key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...more.headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const parsed = text === '' ? undefined : JSON.parse(text);
    return { status: answer.status, headers: answer.headers, body: parsed };
  }

  /** Asks for 100 input and 100 output tokens of llama, unless said otherwise. */
  async reserve(part: Record<string, unknown> = {}, more: CallOptions = {}): Promise<Reply> {
    requests += 1;
    const asked = {
      request_id: `request-${requests}`,
      organization: 'org_acme',
      model: 'llama',
      input_tokens: 100,
      max_output_tokens: 100,
      ...part,
    };
    return this.call('POST', '/v1/reservations', asked, more);
  }

  /** Folds one event that names a reservation (or none). */
  async use(
    reservation: string | null,
    part: Partial<UsageDelta> & { organization?: string } = {},
  ): Promise<void> {
    const { organization = 'org_acme', ...delta } = part;
    requests += 1;
    const at = { at: this.stand.now, ...delta };
    const event = metered(`event-${requests}`, at, { organization });
    await this.stand.meter([{ ...event, reservation }]);
    await this.stand.caughtUp();
  }

  /** The text of /metrics. */
  async metrics(): Promise<string> {
    return (await fetch(`${this.bases[0]}/metrics`)).text();
  }

  async spend(organization = 'org_acme'): Promise<Reply['body']> {
    return (await this.call('GET', `/v1/organizations/${organization}/spend`)).body;
  }

  /** The used part of a limit of a model. */
  async used(model: string, name: string, organization = 'org_acme'): Promise<number> {
    const { body } = await this.call(
      'GET',
      `/v1/organizations/${organization}/limits?model=${model}`,
    );
    const [found] = body.models as { limits: { name: string; used: number }[] }[];
    return found?.limits.find((limit) => limit.name === name)?.used ?? Number.NaN;
  }

  /** What was said on quota.events of an organization, waiting until there are `count` (2 s at most). */
  async said(organization: string, count: number): Promise<QuotaEvent[]> {
    const end = Date.now() + 2_000;
    for (;;) {
      const events: QuotaEvent[] = [];
      for (const { partition } of await this.stand.log.watermarks(QUOTA_EVENTS))
        for (const { value } of await this.stand.log.read(QUOTA_EVENTS, partition, 0))
          events.push(decodeQuotaEvent(value));
      const own = events.filter((event) => event.organization === organization);
      if (own.length >= count || Date.now() > end) return own;
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    }
  }

  /** Waits until the facts told so far are folded. */
  async known(): Promise<void> {
    await this.stand.meter([]);
    await this.stand.caughtUp();
  }

  async close(): Promise<void> {
    await Promise.all(this.apps.map(async (app) => app.close()));
    await this.stand.close();
  }
}

export interface CallOptions {
  readonly key?: string;
  readonly headers?: Record<string, string>;
  readonly instance?: number;
}
