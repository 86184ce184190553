import 'reflect-metadata';
import { validateSync } from 'class-validator';
import {
  IsCount,
  IsInstantText,
  IsMoneyText,
  IsMonthText,
  IsOrganizationId,
  toInstant,
  toMoney,
  toMonth,
} from './fields.js';

class Every {
  @IsInstantText() at: unknown = '2026-11-24T09:30:00Z';
  @IsMonthText() month: unknown = '2026-11';
  @IsOrganizationId() organization: unknown = 'org_acme';
  @IsMoneyText() money: unknown = '0';
  @IsMoneyText({ signed: true }) balance: unknown = '0';
  @IsCount() count: unknown = 0;
  @IsCount(1) some: unknown = 1;
}

const isFine = (name: keyof Every, value: unknown): boolean =>
  validateSync(Object.assign(new Every(), { [name]: value })).length === 0;

describe('field rules', () => {
  it.each<[keyof Every, unknown, boolean]>([
    // field        value                              fine
    ['at', '2026-11-24T09:30:00.120Z', true],
    ['at', '2026-11-24T10:30:00+01:00', true],
    ['at', '2026-11-24T09:30:00', false],
    ['at', '2026-02-30T00:00:00Z', false],
    ['at', 1_700_000_000_000, false],
    ['at', null, false],
    ['month', '2026-02', true],
    ['month', '2026-13', false],
    ['month', '2026-11-01', false],
    ['organization', 'org_a', true],
    ['organization', `org_${'a'.repeat(60)}`, true],
    ['organization', `org_${'a'.repeat(61)}`, false],
    ['organization', 'org_', false],
    ['organization', 'org_A', false],
    ['organization', 'org_a\n', false],
    ['organization', ['org_a'], false],
    ['money', '12.50', true],
    ['money', '0.000000000000001', true],
    ['money', '0.0000000000000001', false],
    ['money', '-1', false],
    ['money', '+1', false],
    ['money', '1e3', false],
    ['money', '1,5', false],
    ['money', 12.5, false],
    ['balance', '-1', true],
    ['count', Number.MAX_SAFE_INTEGER, true],
    ['count', 2 ** 53, false],
    ['count', -1, false],
    ['count', 0.5, false],
    ['count', '1', false],
    ['some', 0, false],
  ])('%s %j: %s', (field, value, fine) => {
    expect(isFine(field, value)).toBe(fine);
  });

  it('convert, and name the parameter where they cannot', () => {
    expect(toInstant('2026-11-24T10:30:00+01:00', '?from')).toBe(Date.UTC(2026, 10, 24, 9, 30));
    expect(toMonth('2026-11', '?period').to).toBe(Date.UTC(2026, 11, 1));
    expect(toMoney('-12.5', '/amount')).toBe(-12_500_000_000_000_000n);
    expect(() => toInstant('now', '?from')).toThrow('?from: must be an RFC 3339 instant');
    expect(() => toMonth('11', '?period')).toThrow('?period: must be a month');
    expect(() => toMoney('1e3', '/amount')).toThrow('/amount: must be a decimal string');
  });
});
