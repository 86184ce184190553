// A billing run as the contract has it.
import { formatInstant } from '#libs/time/instant.js';
import { formatMonth } from '#libs/time/month.js';
import type { Behind } from '../domain/closing.js';
import type { BillingRun, NotIssued, RunSummary } from '../store/billing-run.store.js';

/** `behind`: what the run still waits for before it may close anything; `parkedIds`: the parked drafts, by organization. */
export function billingRunView(
  run: BillingRun,
  summary: RunSummary,
  behind: readonly Behind[],
  parkedIds: ReadonlyMap<string, string>,
) {
  const { counts, notIssued } = summary;
  const known = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const done = known - counts.pending;
  // Who registered meanwhile, effective within the month, comes on top of those who were counted at first.
  const counted = run.total ?? run.requested?.length ?? 0;
  const total = run.state === 'done' ? done : Math.max(counted, known);
  return {
    id: run.id,
    period: formatMonth(run.period),
    organizations: run.requested,
    state: run.state,
    progress: { done, total },
    issued: counts.issued,
    already_issued: counts.already_issued,
    empty: counts.empty,
    parked: listed(notIssued, 'parked').map((one) => ({
      id: parkedIds.get(one.organization) ?? null,
      ...one,
    })),
    blocked: listed(notIssued, 'blocked'),
    waiting_for: behind,
    evidence: run.evidence,
    created_at: formatInstant(run.createdAt),
    finished_at: run.finishedAt === null ? null : formatInstant(run.finishedAt),
  };
}

function listed(organizations: readonly NotIssued[], state: NotIssued['state']) {
  return organizations
    .filter((one) => one.state === state)
    .map(({ organization, reason, detail }) => ({ organization, reason, detail }));
}
