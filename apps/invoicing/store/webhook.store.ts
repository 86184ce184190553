// The endpoints of webhooks. Their secrets are sealed under a key that the database does not hold.
import { hkdfSync, randomBytes } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { changed, rows } from '#libs/database/database.js';
import { seal, unseal } from '#libs/http/sealed.js';

export interface WebhookEndpoint {
  readonly id: string;
  /** null: hears of every organization. */
  readonly organization: string | null;
  readonly url: string;
  readonly events: readonly string[];
  readonly createdAt: number;
  /** Why nothing is sent any more; null while it is. */
  readonly disabled: string | null;
}

interface EndpointRow {
  readonly id: string;
  readonly organization: string | null;
  readonly url: string;
  readonly events: string[];
  readonly secret: Buffer;
  readonly previous_secret: Buffer | null;
  readonly previous_until: string | null;
  readonly created_at: string;
  readonly disabled: string | null;
}

/** The old secret signs too for a day after a rotation: time enough to bring the new one to every receiver. */
const OVERLAP_MS = 24 * 3_600_000;
/** Standard Webhooks 1.0 asks for 24 to 64 bytes. */
const SECRET_BYTES = 32;

export class WebhookStore {
  private readonly key: Buffer;

  /** `sealingKey`: at least 32 characters, the same on every instance and for as long as the endpoints live. */
  constructor(
    private readonly source: DataSource,
    sealingKey: string,
  ) {
    this.key = Buffer.from(hkdfSync('sha256', sealingKey, '', 'meterbook webhook secrets 1', 32));
  }

  /** Adds an endpoint; gives its secret, `whsec_…`, which no later answer tells. */
  async create(endpoint: Omit<WebhookEndpoint, 'disabled'>, random = randomBytes): Promise<string> {
    const secret = newSecret(random);
    await this.source.query(
      `INSERT INTO webhook_endpoint (id, organization, url, events, secret, created_at)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [
        endpoint.id,
        endpoint.organization,
        endpoint.url,
        endpoint.events,
        seal(secret, this.key),
        endpoint.createdAt,
      ],
    );
    return secret;
  }

  async find(id: string): Promise<WebhookEndpoint | undefined> {
    const [row] = await rows<EndpointRow>(
      this.source,
      'SELECT * FROM webhook_endpoint WHERE id = $1',
      [id],
    );
    return row && endpointOf(row);
  }

  /** In order of id; of one organization, or of all with null. */
  async list(
    organization: string | null,
    after: string | undefined,
    limit: number,
  ): Promise<WebhookEndpoint[]> {
    const found = await rows<EndpointRow>(
      this.source,
      `SELECT * FROM webhook_endpoint
       WHERE ($1::text IS NULL OR organization = $1) AND id > $2 COLLATE "C"
       ORDER BY id COLLATE "C" LIMIT $3`,
      [organization, after ?? '', limit],
    );
    return found.map(endpointOf);
  }

  async countOf(organization: string | null): Promise<number> {
    const [row] = await rows<{ count: number }>(
      this.source,
      'SELECT count(*)::int FROM webhook_endpoint WHERE organization IS NOT DISTINCT FROM $1',
      [organization],
    );
    return row?.count ?? 0;
  }

  /** Gives a new secret; the old one signs beside it for 24 h. */
  async rotate(id: string, now: number, random = randomBytes): Promise<string> {
    const secret = newSecret(random);
    await this.source.query(
      `UPDATE webhook_endpoint SET previous_secret = secret, previous_until = $3, secret = $2
       WHERE id = $1`,
      [id, seal(secret, this.key), now + OVERLAP_MS],
    );
    return secret;
  }

  /** With it goes what was on its way. */
  async remove(id: string): Promise<boolean> {
    return (await changed(this.source, 'DELETE FROM webhook_endpoint WHERE id = $1', [id])) > 0;
  }

  /** Switches an endpoint on (null) or off with a reason. */
  async disable(id: string, reason: string | null, tx?: EntityManager): Promise<void> {
    await (tx ?? this.source).query('UPDATE webhook_endpoint SET disabled = $2 WHERE id = $1', [
      id,
      reason,
    ]);
  }

  /** What signs now: the secret, and the one before while it still counts. Throws when the sealing key is another. */
  async secretsOf(id: string, now: number): Promise<string[]> {
    const [row] = await rows<EndpointRow>(
      this.source,
      'SELECT * FROM webhook_endpoint WHERE id = $1',
      [id],
    );
    if (!row) return [];
    const { secret, previous_secret: previous, previous_until: until } = row;
    const both = previous !== null && Number(until) > now ? [secret, previous] : [secret];
    return both.map((sealed) => unseal(sealed, this.key));
  }
}

function newSecret(random: (size: number) => Buffer): string {
  return `whsec_${random(SECRET_BYTES).toString('base64')}`;
}

function endpointOf(row: EndpointRow): WebhookEndpoint {
  const { id, organization, url, events, disabled } = row;
  return { id, organization, url, events, createdAt: Number(row.created_at), disabled };
}
