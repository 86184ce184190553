// Writes what nodes, operators and metering would have written into the log, for specs.
import type { AccountFact, OrganizationProfile, Scope } from '#libs/events/account-facts.js';
import { encodeFact } from '#libs/events/account-facts.js';
import { encodeCatalogFact } from '#libs/events/catalog-fact.js';
import { encodeMetered, type MeteredEvent } from '#libs/events/metered-batch.js';
import { ACCOUNTS, CATALOG, USAGE_METERED, USAGE_RECORDED } from '#libs/events/topics.js';
import { newApiKey } from '#libs/http/api-key.js';
import type { MemoryLog } from '#libs/testing/memory-log.js';
import { DAY_MS } from '#libs/time/instant.js';

/** Noon of a day in mid-month. */
export const NOON = Date.UTC(2026, 10, 16, 12);

/** 5 USD per million input tokens, 10 per million output tokens; nothing for `mystery`. */
export const CATALOG_TEXT = `version: 2026-11-a
effective_from: 2026-11-01T00:00:00Z
currency: USD
models:
  llama: { title: Llama, prices: { on_demand: { input: "5", cached_input: "2.5", output: "10" } } }
tiers:
  free: { monthly_fee: "0", usage: free, features: [] }
  developer: { monthly_fee: "0", usage: metered, features: [] }
  team: { monthly_fee: "20", usage: metered, features: [] }
`;

const PROFILE: OrganizationProfile = {
  name: 'Acme',
  currency: 'USD',
  tier: 'free',
  profile: 'groq',
  legalName: 'Acme GmbH',
  email: null,
  address: null,
  taxIds: [],
  timezoneLabel: null,
};

type FactPart = AccountFact extends infer Fact
  ? Fact extends AccountFact
    ? Omit<Fact, 'version' | 'recordedAt'>
    : never
  : never;

export class LogWriter {
  now = NOON;
  private facts = 0;
  private catalogs = 0;
  private readonly next = new Map<number, number>();

  constructor(readonly log: MemoryLog) {}

  async publish(
    text = CATALOG_TEXT,
    mediaType: 'application/yaml' | 'application/json' = 'application/yaml',
  ) {
    const value = encodeCatalogFact({
      factId: ++this.catalogs,
      fact: {
        catalogVersion: /version"?: "?([\w-]+)/.exec(text)?.[1] ?? '',
        effectiveFrom: Date.parse(/effective_from"?: "?([\w:-]+)/.exec(text)?.[1] ?? ''),
        mediaType,
        document: Buffer.from(text),
        recordedAt: this.now,
      },
    });
    await this.log.append(CATALOG, 0, [{ key: null, value }]);
  }

  async tell(part: FactPart): Promise<void> {
    const fact = { version: 1, recordedAt: this.now, ...part } as AccountFact;
    const value = encodeFact({ factId: ++this.facts, fact });
    await this.log.append(ACCOUNTS, 0, [{ key: null, value }]);
  }

  async register(organization = 'org_acme', tier = 'developer', since = NOON - 30 * DAY_MS) {
    const profile = { ...PROFILE, tier };
    await this.tell({
      type: 'OrganizationRegistered',
      organization,
      profile,
      effectiveFrom: since,
    });
  }

  /** A key of the organization (null: of none); gives its secret. */
  async key(
    organization: string | null,
    scopes: readonly Scope[] = ['billing:read', 'billing:write'],
  ) {
    const { id, key, hash } = newApiKey();
    const created = { type: 'ApiKeyCreated', keyId: id, name: 'spec', hash } as const;
    await this.tell({ ...created, organization, scopes, expiresAt: null });
    return key;
  }

  /** Records of nodes that metering has not counted yet. */
  async record(count: number, partition = 0): Promise<void> {
    const value = Buffer.from('{}');
    await this.log.append(
      USAGE_RECORDED,
      partition,
      Array.from({ length: count }, () => ({ key: null, value })),
    );
  }

  /** What metering makes of as many recorded events; follows the batch before. */
  async count(events: readonly MeteredEvent[], partition = 0): Promise<void> {
    const from = this.next.get(partition) ?? 0;
    const placed = events.map((event, index) => ({ ...event, offset: from + index }));
    const to = from + events.length;
    this.next.set(partition, to);
    const value = encodeMetered({ version: 1, partition, from, to, events: placed });
    await this.log.append(USAGE_METERED, partition, [{ key: null, value }]);
  }

  async meter(events: readonly MeteredEvent[], partition = 0): Promise<void> {
    await this.record(events.length, partition);
    await this.count(events, partition);
  }
}
