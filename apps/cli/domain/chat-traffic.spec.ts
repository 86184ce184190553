import { chatTraffic, type TrafficOptions } from './chat-traffic.js';

const options: TrafficOptions = {
  seed: 11,
  count: 20_000,
  spans: [
    { from: 1_000_000, to: 2_000_000 },
    { from: 5_000_000, to: 6_000_000 },
  ],
  profiles: [
    {
      organization: 'org_a',
      weight: 1,
      projects: [null, 'chat'],
      models: { 'llama-3.1-8b-instant': 3, 'openai/gpt-oss-120b': 1 },
      serviceTiers: { on_demand: 4, batch: 1 },
      adapterShare: 0,
    },
    {
      organization: 'org_b',
      weight: 3,
      projects: [null],
      models: { m: 1 },
      serviceTiers: { flex: 1 },
      adapterShare: 0.5,
    },
  ],
  nodes: 3,
};

describe('chat traffic', () => {
  const messages = chatTraffic(options);

  it('gives as many events as asked, inside the spans, the same for one seed', () => {
    expect(messages).toHaveLength(20_000);
    expect(
      messages.every(({ at }) => options.spans.some(({ from, to }) => at >= from && at < to)),
    ).toBe(true);
    expect(chatTraffic(options)).toEqual(messages);
  });

  it('numbers the events of a node without a gap and names each event once', () => {
    for (const source of new Set(messages.map((message) => message.source))) {
      const sequences = messages
        .filter((message) => message.source === source)
        .map(({ sequence }) => sequence);
      expect(sequences).toEqual(Array.from({ length: sequences.length }, (_, index) => index + 1));
    }
    expect(new Set(messages.map(({ id }) => id)).size).toBe(20_000);
  });

  it('has about the share of cached input of a production chat trace', () => {
    const sum = (pool: 'input' | 'cached_input'): number =>
      messages.reduce((total, { tokens }) => total + (tokens[pool] ?? 0), 0);
    const share = sum('cached_input') / (sum('cached_input') + sum('input'));
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.45);
  });

  it('is burstier than a Poisson stream', () => {
    const first = messages.slice(0, 10_000).map(({ at }) => at);
    const gaps = first.slice(1).map((at, index) => at - (first[index] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(Math.sqrt(variance) / mean).toBeGreaterThan(1.5);
  });
});
