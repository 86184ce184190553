import { compareReadings, type Readings } from './agreement.js';
import { Ledger } from './ledger.js';

const published = {
  models: { m: { prices: { on_demand: { input: '0.05' } } } },
  tiers: { free: { usage: 'free' }, developer: { usage: 'metered' } },
};

function sent(): Ledger {
  const ledger = new Ledger();
  const common = {
    id: 'x',
    source: '//n',
    at: Date.UTC(2026, 10, 3),
    sequence: null,
    model: 'm',
    project: null,
  };
  const message = {
    ...common,
    serviceTier: 'on_demand' as const,
    adapter: null,
    tokens: { input: 10 },
  };
  ledger.add({ ...message, organization: 'org_a' });
  return ledger;
}

function readings(change: {
  input?: bigint;
  quantity?: number;
  spent?: string;
  subtotal?: string;
}): Readings {
  return {
    metered: { requests: 1n, input: change.input ?? 10n, output: 0n },
    spentExact: change.spent ?? '0.0000005',
    invoice: {
      number: null,
      state: 'draft',
      subtotal_exact: change.subtotal ?? '0.0000005',
      lines: [
        {
          kind: 'usage',
          pool: 'input',
          quantity: change.quantity ?? 10,
          amount_exact: '0.0000005',
        },
      ],
    },
  };
}

const faults = (read: Readings, tier = 'developer'): string[] =>
  compareReadings(sent(), { organization: 'org_a', tier }, '2026-11', read, published)
    .filter(({ equal }) => !equal)
    .map(({ what }) => what);

describe('agreement', () => {
  it('holds when every reader says what was sent', () => {
    expect(faults(readings({}))).toEqual([]);
  });

  it('expects nothing owed on a tier whose usage is free', () => {
    expect(faults(readings({ spent: '0', subtotal: '0' }), 'free')).toEqual([]);
  });

  it.each([
    [{ input: 11n }, 'input'],
    [{ quantity: 9 }, 'input'],
    [{ spent: '0.0000006' }, 'femto-USD owed'],
    [{ subtotal: '0' }, 'femto-USD owed'],
  ])('fails for %j and says where', (change, what) => {
    expect(faults(readings(change))).toEqual([what]);
  });
});
