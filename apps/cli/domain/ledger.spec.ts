import { Ledger, type PublishedPrices } from './ledger.js';
import type { UsageMessage } from './usage-message.js';

const published: PublishedPrices = {
  models: {
    m: {
      prices: {
        on_demand: { input: '0.05', output: '0.08' },
        batch: { input: '0.025', output: '0.04' },
      },
      adapters: { lora: { input: '0.07', output: '0.11' } },
    },
  },
  tiers: {
    developer: { usage: 'metered' },
    enterprise: {
      usage: 'contract',
      prices: { m: { adapters: { lora: { on_demand: { input: '0.05', output: '0.08' } } } } },
    },
  },
};

function message(change: Partial<UsageMessage>): UsageMessage {
  return {
    id: 'x',
    source: '//n',
    organization: 'org_a',
    at: Date.UTC(2026, 10, 30, 23, 59),
    sequence: null,
    model: 'm',
    project: null,
    serviceTier: 'on_demand',
    adapter: null,
    tokens: { input: 10, output: 2 },
    ...change,
  };
}

describe('ledger', () => {
  it('counts by month and takes off what is voided', () => {
    const ledger = new Ledger();
    ledger.add(message({}));
    ledger.add(message({ at: Date.UTC(2026, 11, 1) }));
    ledger.add(message({ tokens: { input: 3 } }));
    ledger.add(message({ tokens: { input: 3 } }), -1);
    expect(ledger.periods('org_a')).toEqual(['2026-11', '2026-12']);
    expect(ledger.totals('org_a', '2026-11')).toEqual({ requests: 1n, input: 10n, output: 2n });
    expect(ledger.totals('org_a')).toEqual({ requests: 2n, input: 20n, output: 4n });
  });

  it.each([
    // change                                         tier           femto-USD
    [{}, 'developer', 660_000_000n],
    [{ serviceTier: 'batch' as const }, 'developer', 330_000_000n],
    [{ adapter: 'lora' }, 'developer', 920_000_000n],
    [{ adapter: 'lora' }, 'enterprise', 660_000_000n],
  ])('prices %j under %s', (change, tier, femto) => {
    const ledger = new Ledger();
    ledger.add(message(change));
    expect(ledger.price('org_a', '2026-11', tier, published)).toBe(femto);
  });

  it('refuses to price a pool without a published row', () => {
    const ledger = new Ledger();
    ledger.add(message({ tokens: { reasoning: 1 } }));
    expect(() => ledger.price('org_a', '2026-11', 'developer', published)).toThrow(RangeError);
  });
});
