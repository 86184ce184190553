// A simulation as the contract has it.
import { formatExact } from '#libs/money/money.js';
import { formatInstant } from '#libs/time/instant.js';
import { formatMonth } from '#libs/time/month.js';
import type { AnswerRow, OutcomeSum } from '../store/simulation-answers.store.js';
import type { Simulation } from '../store/simulation.store.js';

/** What was asked and how far it is. */
export function simulationHead(simulation: Simulation) {
  const { id, state, period, catalogVersion, currency, requested } = simulation;
  return {
    id,
    state,
    period: formatMonth(period),
    catalog_version: catalogVersion,
    currency,
    organizations_requested: requested,
    created_at: formatInstant(simulation.createdAt),
    finished_at: simulation.finishedAt === null ? null : formatInstant(simulation.finishedAt),
  };
}

/** Sums over those that can be compared; who cannot is counted beside them. */
export function simulationSums(
  sums: readonly OutcomeSum[],
  isPlanned: boolean,
  largest: { readonly winner: readonly AnswerRow[]; readonly loser: readonly AnswerRow[] },
) {
  const of = (...outcomes: OutcomeSum['outcome'][]) => {
    const found = sums.filter(({ outcome }) => outcomes.includes(outcome));
    const before = found.reduce((sum, { beforeFemto }) => sum + beforeFemto, 0n);
    const after = found.reduce((sum, { afterFemto }) => sum + afterFemto, 0n);
    return {
      organizations: found.reduce((sum, { count }) => sum + count, 0),
      before_exact: formatExact(before),
      after_exact: formatExact(after),
      difference_exact: formatExact(after - before),
    };
  };
  const total = sums.reduce((sum, { count }) => sum + count, 0);
  const pending = of('pending').organizations;
  return {
    progress: { done: total - pending, total: isPlanned ? total : null },
    totals: of('winner', 'loser', 'unchanged'),
    winners: { ...of('winner'), largest: largest.winner.map(answerView) },
    losers: { ...of('loser'), largest: largest.loser.map(answerView) },
    unchanged: of('unchanged').organizations,
    incomplete: of('incomplete').organizations,
    skipped: of('skipped').organizations,
  };
}

/** One organization. */
export function answerView({ organization, outcome, beforeFemto, afterFemto, ...row }: AnswerRow) {
  return {
    organization,
    outcome,
    before_exact: exact(beforeFemto),
    after_exact: exact(afterFemto),
    difference_exact:
      beforeFemto === null || afterFemto === null ? null : formatExact(afterFemto - beforeFemto),
    missing_prices: row.missing,
    reason: row.reason,
  };
}

function exact(femto: bigint | null): string | null {
  return femto === null ? null : formatExact(femto);
}
