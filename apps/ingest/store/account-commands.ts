// Account facts by command. Each looks at the account and the newest catalog inside the recording transaction and lets the
// domain decide. Refusals leave as problems: 404 for an unknown object, 422 with every fault.
import type { AccountStore } from '#libs/accounts/account.store.js';
import { accountFold } from '#libs/accounts/accounts-projection.js';
import type { CatalogStore } from '#libs/catalog/catalog.store.js';
import type { Account } from '#libs/events/account.js';
import { type AccountFact, encodeFact } from '#libs/events/account-facts.js';
import { notFound, type Problem } from '#libs/http/problem.js';
import type { Ground } from '../domain/decide-organization.js';
import type { Decided } from '../domain/fault.js';
import type { Deciding, FactRecorder, FactWriter, Recorded } from './fact-recorder.js';
import { accepted } from './refusal.js';

/** Names a request among its repeats; null without an Idempotency-Key. */
export type RequestKey = string | null;

/** What a command did; `fact` null when it said what was known, and the id is then that of the account's last fact. */
export interface Outcome<Fact> {
  readonly topic: string;
  readonly factId: number;
  readonly fact: Fact;
}

type KeyCreated = Extract<AccountFact, { type: 'ApiKeyCreated' }>;

export class AccountCommands {
  readonly #writer: FactWriter<AccountFact>;

  constructor(
    private readonly recorder: FactRecorder,
    private readonly accounts: AccountStore,
    private readonly catalogs: CatalogStore,
  ) {
    this.#writer = {
      ...accountFold(accounts),
      encode: encodeFact,
      keyOf: (fact) => fact.organization ?? (fact as KeyCreated).keyId,
    };
  }

  /** Decides about an organization that may not be registered yet. */
  async decide<Fact extends AccountFact | null>(
    organization: string,
    request: RequestKey,
    decision: (ground: Ground, account: Account | undefined) => Decided<Fact>,
  ): Promise<Outcome<Fact>> {
    let known: Outcome<Fact> | undefined;
    // Parsed outside the transaction, which then finds nothing new to parse.
    await this.catalogs.versions();
    const [made] = await this.recorder.record(this.#writer, request, async (deciding) => {
      const { tx, earlier } = deciding;
      if (earlier) {
        known = earlier as Outcome<Fact>;
        return [];
      }
      const account = await this.accounts.find(organization, tx);
      const fact = accepted(decision(await this.ground(deciding), account));
      if (fact) return [fact];
      const factId = await this.accounts.lastFactId(organization, tx);
      known = { topic: this.#writer.topic, factId, fact };
      return [];
    });
    return (made as Outcome<Fact> | undefined) ?? (known as Outcome<Fact>);
  }

  /** Decides about a registered organization; 404 `unknown_organization` for any other. */
  async decideKnown<Fact extends AccountFact | null>(
    organization: string,
    request: RequestKey,
    decision: (ground: Ground, account: Account) => Decided<Fact>,
  ): Promise<Outcome<Fact>> {
    return this.decide(organization, request, (ground, account) => {
      if (!account) throw unknownOrganization(organization);
      return decision(ground, account);
    });
  }

  /**
   * Creates a key, bound to an organization or to none. When this very request already made one whose secret never reached the
   * caller, that one is revoked: nobody has it.
   */
  async createKey(
    organization: string | null,
    request: RequestKey,
    decision: (now: number) => Decided<KeyCreated>,
  ): Promise<Recorded<AccountFact>> {
    const made = await this.recorder.record(this.#writer, request, async (deciding) => {
      const { tx, now, earlier } = deciding;
      if (organization !== null && !(await this.accounts.find(organization, tx)))
        throw unknownOrganization(organization);
      const created = accepted(decision(now));
      return earlier?.fact.type === 'ApiKeyCreated'
        ? [revocation(organization, earlier.fact.keyId, now), created]
        : [created];
    });
    return made.at(-1) as Recorded<AccountFact>;
  }

  /** Revokes a key of exactly this organization (null: of none); undefined when it was revoked before. 404 `unknown_api_key`. */
  async revokeKey(
    organization: string | null,
    keyId: string,
  ): Promise<Recorded<AccountFact> | undefined> {
    const [made] = await this.recorder.record(this.#writer, null, async ({ tx, now }) => {
      const key = await this.accounts.findKey(keyId, tx);
      if (!key || key.organization !== organization)
        throw notFound('unknown_api_key', `There is no API key ${keyId} here.`);
      return key.revokedAt === null ? [revocation(organization, keyId, now)] : [];
    });
    return made;
  }

  private async ground({ tx, now }: Deciding<AccountFact>): Promise<Ground> {
    return { now, newest: await this.catalogs.newest(tx) };
  }
}

/** 404 for an organization that is not there, or not the caller's to see. */
export function unknownOrganization(organization: string): Problem {
  return notFound('unknown_organization', `There is no organization ${organization}.`);
}

function revocation(organization: string | null, keyId: string, now: number): AccountFact {
  return { type: 'ApiKeyRevoked', version: 1, recordedAt: now, organization, keyId };
}
