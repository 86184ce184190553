// What each organization would pay in a simulation.
import type { DataSource } from 'typeorm';
import { changed, rows } from '#libs/database/database.js';
import type { Outcome, WhatIf } from '../domain/what-if.js';

/** Why an organization is not in the totals. */
export type SkipReason = 'unknown_organization' | 'other_currency';
export type Answer = WhatIf | { readonly outcome: 'skipped'; readonly reason: SkipReason };
export type AnswerOutcome = Outcome | 'skipped';

export interface AnswerRow {
  readonly organization: string;
  readonly outcome: AnswerOutcome;
  /** null where it was skipped. */
  readonly beforeFemto: bigint | null;
  readonly afterFemto: bigint | null;
  readonly missing: readonly string[];
  readonly reason: SkipReason | null;
}

/** Count and sums of each outcome. */
export interface OutcomeSum {
  readonly outcome: AnswerOutcome | 'pending';
  readonly count: number;
  readonly beforeFemto: bigint;
  readonly afterFemto: bigint;
}

interface OrganizationRow {
  organization: string;
  outcome: AnswerOutcome;
  before_femto: string | null;
  after_femto: string | null;
  missing: string[] | null;
  reason: SkipReason | null;
}

export class SimulationAnswerStore {
  constructor(private readonly source: DataSource) {}

  /** Some organizations that have no answer yet, in order. */
  async pending(id: string, limit: number): Promise<string[]> {
    const found = await rows<{ organization: string }>(
      this.source,
      `SELECT organization FROM simulation_organization
       WHERE simulation = $1 AND outcome = 'pending' ORDER BY organization LIMIT $2`,
      [id, limit],
    );
    return found.map(({ organization }) => organization);
  }

  /** Writes answers; the first one about an organization stays. */
  async answer(id: string, answers: ReadonlyMap<string, Answer>): Promise<void> {
    const all = [...answers.values()];
    const sum = (name: 'beforeFemto' | 'afterFemto') =>
      all.map((one) => (name in one ? (one as WhatIf)[name].toString() : null));
    await changed(
      this.source,
      `UPDATE simulation_organization AS kept SET outcome = one.outcome,
         before_femto = one.before, after_femto = one.after, reason = one.reason,
         missing = ARRAY(SELECT jsonb_array_elements_text(one.missing::jsonb))
       FROM unnest($2::text[], $3::text[], $4::numeric[], $5::numeric[], $6::text[], $7::text[])
         AS one (organization, outcome, before, after, reason, missing)
       WHERE kept.simulation = $1 AND kept.organization = one.organization
         AND kept.outcome = 'pending'`,
      [
        id,
        [...answers.keys()],
        all.map(({ outcome }) => outcome),
        sum('beforeFemto'),
        sum('afterFemto'),
        all.map((one) => ('reason' in one ? one.reason : null)),
        all.map((one) => JSON.stringify('missing' in one ? one.missing : [])),
      ],
    );
  }

  async sums(id: string): Promise<OutcomeSum[]> {
    const found = await rows<{
      outcome: OutcomeSum['outcome'];
      count: string;
      before: string;
      after: string;
    }>(
      this.source,
      `SELECT outcome, count(*), coalesce(sum(before_femto), 0) AS before,
         coalesce(sum(after_femto), 0) AS after
       FROM simulation_organization WHERE simulation = $1 GROUP BY outcome`,
      [id],
    );
    return found.map(({ outcome, count, before, after }) => ({
      outcome,
      count: Number(count),
      beforeFemto: BigInt(before),
      afterFemto: BigInt(after),
    }));
  }

  /** Answers in order of organization, after the given one; of one outcome or of all. */
  async answers(
    id: string,
    outcome: AnswerOutcome | undefined,
    after: string | undefined,
    limit: number,
  ): Promise<AnswerRow[]> {
    const found = await rows<OrganizationRow>(
      this.source,
      `SELECT * FROM simulation_organization
       WHERE simulation = $1 AND outcome <> 'pending' AND ($2::text IS NULL OR outcome = $2)
         AND organization COLLATE "C" > $3 ORDER BY organization COLLATE "C" LIMIT $4`,
      [id, outcome ?? null, after ?? '', limit],
    );
    return found.map(toAnswer);
  }

  /** The answers of an outcome with the largest changes, the largest first. */
  async largest(id: string, outcome: 'winner' | 'loser', limit: number): Promise<AnswerRow[]> {
    const found = await rows<OrganizationRow>(
      this.source,
      `SELECT * FROM simulation_organization WHERE simulation = $1 AND outcome = $2
       ORDER BY abs(after_femto - before_femto) DESC, organization LIMIT $3`,
      [id, outcome, limit],
    );
    return found.map(toAnswer);
  }
}

function toAnswer(row: OrganizationRow): AnswerRow {
  return {
    organization: row.organization,
    outcome: row.outcome,
    beforeFemto: row.before_femto === null ? null : BigInt(row.before_femto),
    afterFemto: row.after_femto === null ? null : BigInt(row.after_femto),
    missing: row.missing ?? [],
    reason: row.reason,
  };
}
