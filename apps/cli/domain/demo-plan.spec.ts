import { formatMonth } from '#libs/time/month.js';
import { DEMO_ACCOUNTS, lastClosableMonth, planDemo } from './demo-plan.js';

const now = Date.UTC(2026, 10, 25, 9);

describe('demo plan', () => {
  it.each([
    // now                              month that can be billed
    [Date.UTC(2026, 10, 25), '2026-10'],
    [Date.UTC(2026, 11, 1, 12), '2026-10'],
    [Date.UTC(2026, 11, 2), '2026-11'],
    [Date.UTC(2027, 0, 2), '2026-12'],
  ])('at %s bills %s', (at, month) => {
    expect(formatMonth(lastClosableMonth(at))).toBe(month);
  });

  it('books each unique event once, whatever is repeated or refused', () => {
    const plan = planDemo(2_000, 5, now);
    const requests = DEMO_ACCOUNTS.reduce(
      (sum, { organization }) => sum + (plan.ledger.totals(organization)['requests'] ?? 0n),
      0n,
    );
    // One of the 2,000 is voided again.
    expect(requests).toBe(1_999n);
    expect(plan.lines).toHaveLength(1_999 + plan.repeats + plan.refused);
    expect(plan.repeats).toBeGreaterThan(60);
    expect(plan.lastLines).toHaveLength(3);
  });

  it('uses the closed month and today', () => {
    expect(planDemo(2_000, 5, now).ledger.periods('org_demo_developer')).toEqual([
      '2026-10',
      '2026-11',
    ]);
  });

  it('books a correction at the hour of the original', () => {
    const plan = planDemo(2_000, 5, now);
    expect(plan.lastLines[1]).toContain('dev.meterbook.usage.corrected.v1');
    expect(plan.lastLines[2]).toContain('dev.meterbook.usage.voided.v1');
  });
});
