// The events that the benches send: one CloudEvent of about 460 bytes each, a thousand organizations, ten models. An organization
// uses two models through two keys of one project: 4,000 distinct rows an hour, as real tenants make them.
import { uuidV7 } from '../apps/cli/domain/usage-message.js';
import { seededRandom, type Random } from '../apps/cli/domain/random.js';

export interface BenchEvent {
  readonly organization: string;
  readonly line: Buffer;
}

/** Unique events with ids and times of now; skewed over the organizations, as real tenants are. */
export function benchEvents(count: number, seed: number, organizations = 1_000): BenchEvent[] {
  const random = seededRandom(seed);
  const now = Date.now();
  return Array.from({ length: count }, (_, index) => {
    const tenant = Math.floor(organizations * random() ** 2);
    const organization = `org_bench_${tenant}`;
    const at = now - (index % 60_000);
    return { organization, line: Buffer.from(event(random, { tenant, at, index })) };
  });
}

function event(
  random: Random,
  { tenant, at, index }: { tenant: number; at: number; index: number },
): string {
  const id = uuidV7(at, random);
  const draw = (most: number): number => Math.floor(most * random());
  return JSON.stringify({
    specversion: '1.0',
    type: 'dev.meterbook.usage.v1',
    source: `//bench-1/node-${index % 16}`,
    id,
    subject: `org_bench_${tenant}`,
    time: new Date(at).toISOString(),
    data: {
      model: `bench-model-${(tenant + draw(2)) % 10}-instruct-2026-11`,
      project: `project-${tenant % 5}`,
      api_key: `key_${tenant}_${draw(2)}`,
      service_tier: 'on_demand',
      adapter: null,
      status: 'completed',
      tokens: {
        input: draw(4_000),
        cached_input: draw(2_000),
        output: draw(600),
        reasoning: draw(100),
      },
    },
  });
}
