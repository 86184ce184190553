// What customers and operators are told: thresholds, limits, blocks, broken reservations. Pure: events from figures.
import { createHash } from 'node:crypto';
import { spendLimitAt } from '#libs/events/account.js';
import type { QuotaEvent } from '#libs/events/quota-event.js';
import { formatExact, parseMoney } from '#libs/money/money.js';
import { formatMonth, monthOf } from '#libs/time/month.js';
import { countedTokens, type Excess } from './reservation.js';
import { spendOf, type Standing, WHOLE } from './standing.js';

/**
 * Thresholds and limits that the spend of a scope has reached since `before` (undefined: unknown, so all that are reached). The ids
 * name month, limit and percentage: saying one twice says it once.
 */
export function crossings(
  standing: Standing,
  project: string,
  before: bigint | undefined,
  at: number,
): QuotaEvent[] {
  const limit = spendLimitAt(standing.terms.account, project === WHOLE ? null : project, at);
  if (limit?.amount == null) return [];
  const { amount, mode } = limit;
  const femto = parseMoney(amount);
  const { spentFemto } = spendOf(standing, project);
  const isCrossed = (percent: number): boolean =>
    spentFemto * 100n >= femto * BigInt(percent) &&
    (before === undefined || before * 100n < femto * BigInt(percent));
  const period = formatMonth(monthOf(at));
  const common = (...names: readonly unknown[]) => ({
    version: 1 as const,
    id: idOf([standing.organization, project, period, amount, limit.from, ...names]),
    organization: standing.organization,
    project: project === WHOLE ? null : project,
    at,
    period,
    limit: amount,
    mode,
    spent_exact: formatExact(spentFemto),
  });
  const crossed = limit.alerts.filter(isCrossed).map((percent) => ({
    ...common('threshold', percent),
    type: 'spend.threshold_crossed' as const,
    percent,
  }));
  const reached = isCrossed(100) ? [{ ...common('reached'), type: 'limit.reached' as const }] : [];
  return [...crossed, ...reached];
}

/**
 * Whether a hard limit lets nothing pass any more: it is spent, or less than a hundredth of it is left, nothing is held that could
 * come back, and a request was just refused. A block lasts while less than a hundredth is left. Gives the limit, null for no block.
 */
export function blockOf(
  standing: Standing,
  project: string,
  was: { readonly blocked: string | null; readonly isRefused: boolean },
  at: number,
): string | null {
  const limit = spendLimitAt(standing.terms.account, project === WHOLE ? null : project, at);
  if (limit?.amount == null || limit.mode !== 'hard') return null;
  const femto = parseMoney(limit.amount);
  const { spentFemto, unconfirmedFemto, heldFemto } = spendOf(standing, project);
  const left = femto - spentFemto - unconfirmedFemto;
  if (left <= 0n) return limit.amount;
  const isNearlySpent = left * 100n < femto;
  const isStuck = was.isRefused && heldFemto === 0n;
  return isNearlySpent && (isStuck || was.blocked === limit.amount) ? limit.amount : null;
}

/** That a scope is blocked now, or free again. */
export function blockEvent(
  standing: Standing,
  project: string,
  blocked: string | null,
  at: number,
): QuotaEvent {
  const { spentFemto, heldFemto } = spendOf(standing, project);
  return {
    version: 1,
    id: idOf([standing.organization, project, 'block', blocked, at, spentFemto]),
    organization: standing.organization,
    project: project === WHOLE ? null : project,
    at,
    type: blocked === null ? 'organization.unblocked' : 'organization.blocked',
    period: formatMonth(monthOf(at)),
    limit: blocked,
    spent_exact: formatExact(spentFemto),
    held_exact: formatExact(heldFemto),
  };
}

/** That usage went beyond its reservation; `source` and `event` name the node's record, null for a call. */
export function excessEvent(
  { reservation, isLate }: Excess,
  origin: { readonly source: string | null; readonly event: string | null },
  at: number,
): QuotaEvent {
  const { request, held, actual, actualFemto } = reservation;
  return {
    version: 1,
    id: idOf([reservation.id, origin.source, origin.event, isLate]),
    organization: request.organization,
    project: request.project,
    at,
    type: isLate ? 'reservation_late' : 'reservation_exceeded',
    reservation: reservation.id,
    model: request.model,
    ...origin,
    reserved_tokens: Number(held.tokens),
    used_tokens: Number(countedTokens(actual ?? {})),
    held_exact: formatExact(held.femto),
    used_exact: formatExact(actualFemto),
  };
}

function idOf(names: readonly unknown[]): string {
  const text = JSON.stringify(names, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  return `evt_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}
