// The events that the benches send: one CloudEvent of about 460 bytes each, a thousand organizations, ten models.
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
    const organization = `org_bench_${Math.floor(organizations * random() ** 2)}`;
    return {
      organization,
      line: Buffer.from(event(random, organization, now - (index % 60_000), index)),
    };
  });
}

function event(random: Random, subject: string, at: number, index: number): string {
  const id = uuidV7(at, random);
  const draw = (most: number): number => Math.floor(most * random());
  return JSON.stringify({
    specversion: '1.0',
    type: 'dev.meterbook.usage.v1',
    source: `//bench-1/node-${index % 16}`,
    id,
    subject,
    time: new Date(at).toISOString(),
    data: {
      model: `bench-model-${draw(10)}-instruct-2026-11`,
      project: `project-${draw(5)}`,
      api_key: `key_${subject.slice(4)}_${draw(3)}`,
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
