// Simulations: what was asked, and how far each is.
import type { DataSource } from 'typeorm';
import { changed, rows } from '#libs/database/database.js';
import type { CatalogMediaType } from '#libs/rating/catalog-text.js';
import type { Period } from '#libs/time/month.js';

export interface Simulation {
  readonly id: string;
  /** Grows with each; the order of the list. */
  readonly seq: bigint;
  readonly period: Period;
  /** null: every organization. */
  readonly requested: readonly string[] | null;
  readonly catalogVersion: string;
  readonly currency: string;
  readonly document: string;
  readonly mediaType: CatalogMediaType;
  readonly state: 'running' | 'done';
  readonly createdAt: number;
  readonly plannedAt: number | null;
  readonly finishedAt: number | null;
}

interface SimulationRow {
  id: string;
  seq: string;
  period_from: string;
  period_to: string;
  requested: string[] | null;
  catalog_version: string;
  currency: string;
  document: string;
  media_type: CatalogMediaType;
  state: Simulation['state'];
  created_at: string;
  planned_at: string | null;
  finished_at: string | null;
}

export class SimulationStore {
  constructor(private readonly source: DataSource) {}

  async create(
    simulation: Omit<Simulation, 'seq' | 'state' | 'plannedAt' | 'finishedAt'>,
    requestedBy: string,
  ): Promise<void> {
    const { period } = simulation;
    await this.source.query(
      `INSERT INTO simulation (id, period_from, period_to, requested, catalog_version, currency,
         document, media_type, state, requested_by, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'running', $9, $10)`,
      [
        simulation.id,
        period.from,
        period.to,
        simulation.requested,
        simulation.catalogVersion,
        simulation.currency,
        simulation.document,
        simulation.mediaType,
        requestedBy,
        simulation.createdAt,
      ],
    );
  }

  async find(id: string): Promise<Simulation | undefined> {
    const [row] = await rows<SimulationRow>(this.source, 'SELECT * FROM simulation WHERE id = $1', [
      id,
    ]);
    return row && toSimulation(row);
  }

  /** The last asked first; with an organization only those that are about it alone. */
  async list(
    organization: string | null,
    before: bigint | undefined,
    limit: number,
  ): Promise<Simulation[]> {
    const found = await rows<SimulationRow>(
      this.source,
      `SELECT * FROM simulation
       WHERE ($1::text IS NULL OR requested = ARRAY[$1]) AND ($2::bigint IS NULL OR seq < $2)
       ORDER BY seq DESC LIMIT $3`,
      [organization, before?.toString() ?? null, limit],
    );
    return found.map(toSimulation);
  }

  /** Those that are not done, the oldest first. */
  async running(): Promise<Simulation[]> {
    const found = await rows<SimulationRow>(
      this.source,
      `SELECT * FROM simulation WHERE state = 'running' ORDER BY seq`,
    );
    return found.map(toSimulation);
  }

  /**
   * Fixes whom the simulation is about; once. Everyone is who was registered before the month ended or used something in it.
   */
  async plan({ id, requested, period }: Simulation, at: number): Promise<void> {
    await this.source.transaction(async (tx) => {
      const first = await changed(
        tx,
        'UPDATE simulation SET planned_at = $2 WHERE id = $1 AND planned_at IS NULL',
        [id, at],
      );
      if (first === 0) return;
      await tx.query(
        `INSERT INTO simulation_organization (simulation, organization, outcome)
         SELECT $1, organization, 'pending' FROM (
           SELECT unnest($2::text[]) AS organization
           UNION SELECT id FROM account
             WHERE $2::text[] IS NULL AND (state->>'effectiveFrom')::bigint < $4
           UNION SELECT organization FROM usage_hour
             WHERE $2::text[] IS NULL AND hour >= $3 AND hour < $4) AS concerned`,
        [id, requested, period.from, period.to],
      );
    });
  }

  /** Done, once nothing is pending. */
  async finish(id: string, at: number): Promise<void> {
    await changed(
      this.source,
      `UPDATE simulation SET state = 'done', finished_at = $2
       WHERE id = $1 AND state = 'running' AND planned_at IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM simulation_organization WHERE simulation = $1 AND outcome = 'pending')`,
      [id, at],
    );
  }
}

function toSimulation(row: SimulationRow): Simulation {
  return {
    id: row.id,
    seq: BigInt(row.seq),
    period: { from: Number(row.period_from), to: Number(row.period_to) },
    requested: row.requested,
    catalogVersion: row.catalog_version,
    currency: row.currency,
    document: row.document,
    mediaType: row.media_type,
    state: row.state,
    createdAt: Number(row.created_at),
    plannedAt: row.planned_at === null ? null : Number(row.planned_at),
    finishedAt: row.finished_at === null ? null : Number(row.finished_at),
  };
}
