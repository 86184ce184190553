import type { ReservationRequest } from '../domain/decision.js';
import { parseLeasePolicies } from '../domain/lease.js';
import { NOON, requestOf, termsOf } from '../test/standings.js';
import { LocalLease } from './local-lease.js';
import type { TermsCache } from './terms-cache.js';

const MINUTE_MS = 60_000;

/** A lease of 5 % of 6,000 tokens a minute and 0.10, by terms that are known of everybody. */
function leaseOf(policies = 'developer:5:0.10') {
  const terms = { remembered: () => termsOf() } as Partial<TermsCache>;
  const lease = new LocalLease(terms as TermsCache, parseLeasePolicies(policies));
  let asked = 0;
  const admits = (part: Partial<ReservationRequest>, at: number): boolean => {
    asked += 1;
    const request = requestOf({ ...part, requestId: `r${asked}` });
    return lease.admit(request, `01lease${asked}`, at) !== undefined;
  };
  return { lease, admits };
}

describe('lease in an outage', () => {
  it.each([
    // last check before the outage   open
    [0, true],
    [10 * MINUTE_MS, true],
    [10 * MINUTE_MS + 1, false],
  ])('of an organization that was checked %i ms before: %p', (ago, isOpen) => {
    const { lease, admits } = leaseOf();
    lease.checked('org_acme', NOON - ago);
    expect(admits({}, NOON)).toBe(isOpen);
  });

  it('is closed to an organization that was never checked here', () => {
    expect(leaseOf().admits({}, NOON)).toBe(false);
  });

  it('stays open however long the outage is', () => {
    const { lease, admits } = leaseOf();
    lease.checked('org_acme', NOON - MINUTE_MS);
    expect(admits({}, NOON)).toBe(true);
    expect(admits({}, NOON + 24 * 60 * MINUTE_MS)).toBe(true);
  });

  it('begins anew when the database has answered in between', () => {
    const { lease, admits } = leaseOf();
    lease.checked('org_acme', NOON);
    expect(admits({}, NOON)).toBe(true);
    lease.checked('org_b', NOON + 5 * MINUTE_MS);
    expect(admits({}, NOON + 11 * MINUTE_MS)).toBe(false);
  });

  it('remembers nobody when no tier is opened', () => {
    const { lease, admits } = leaseOf('');
    lease.checked('org_acme', NOON);
    expect(admits({}, NOON)).toBe(false);
  });
});
