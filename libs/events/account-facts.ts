// Facts on the `accounts` topic. Money is a decimal string in the organization's currency; instants are epoch ms.
// A price-relevant fact has an `effectiveFrom` on a whole UTC hour; limits and keys act at once (design section 5).
import type { Quantity, ServiceTier } from './quantities.js';
import type { TaxFact } from './taxes.js';
import type { WrittenContract, WrittenPrice } from './written-terms.js';

export const SCOPES = [
  'usage:write',
  'quota:reserve',
  'usage:read',
  'billing:read',
  'billing:write',
  'ops',
  'admin',
] as const;
export type Scope = (typeof SCOPES)[number];

export const LIMIT_NAMES = [
  'requests_per_minute',
  'requests_per_day',
  'tokens_per_minute',
  'tokens_per_day',
  'audio_seconds_per_hour',
  'audio_seconds_per_day',
] as const;
export type LimitName = (typeof LIMIT_NAMES)[number];

export interface OrganizationProfile {
  readonly name: string;
  readonly currency: string;
  readonly tier: string;
  readonly profile: 'groq' | 'openai';
  readonly legalName: string | null;
  readonly email: string | null;
  readonly address: string | null;
  readonly taxIds: readonly string[];
  readonly timezoneLabel: string | null;
}

interface FactCommon {
  readonly version: 1;
  /** When ingest learned of it, epoch ms. */
  readonly recordedAt: number;
}

export type AccountFact = FactCommon &
  (
    | {
        readonly type: 'OrganizationRegistered';
        readonly organization: string;
        readonly profile: OrganizationProfile;
        readonly effectiveFrom: number;
      }
    | {
        readonly type: 'OrganizationChanged';
        readonly organization: string;
        readonly profile: OrganizationProfile;
      }
    | {
        readonly type: 'TierChanged';
        readonly organization: string;
        readonly tier: string;
        readonly effectiveFrom: number;
      }
    | {
        readonly type: 'SpendLimitSet';
        readonly organization: string;
        readonly project: string | null;
        /** null lifts the limit. */
        readonly amount: string | null;
        readonly mode: 'hard' | 'soft';
        readonly alerts: readonly number[];
        readonly effectiveFrom: number;
      }
    | {
        readonly type: 'OverrideGranted';
        readonly organization: string;
        readonly overrideId: string;
        /** null: only conditions for all usage. */
        readonly model: string | null;
        /** Limits of one project below the organization's; absent: of the organization. */
        readonly project?: string;
        /** null: every service tier. */
        readonly serviceTier: ServiceTier | null;
        readonly prices: Partial<Record<Quantity, WrittenPrice>>;
        readonly limits: Partial<Record<LimitName, number | null>>;
        /** Absent in facts without any. */
        readonly contract?: WrittenContract;
        readonly effectiveFrom: number;
        readonly effectiveTo: number | null;
      }
    | {
        readonly type: 'CreditGranted';
        readonly organization: string;
        readonly creditId: string;
        readonly amount: string;
        readonly expiresAt: number | null;
        readonly priority: number;
        readonly note: string | null;
      }
    | TaxFact
    | {
        readonly type: 'ApiKeyCreated';
        /** null: bound to no organization. */
        readonly organization: string | null;
        readonly keyId: string;
        readonly name: string;
        /** SHA-256 of the whole key, hex. */
        readonly hash: string;
        readonly scopes: readonly Scope[];
        readonly expiresAt: number | null;
      }
    | {
        readonly type: 'ApiKeyRevoked';
        readonly organization: string | null;
        readonly keyId: string;
      }
  );

/** One record of the `accounts` topic. Fact ids count 1, 2, 3 … per topic: a repeat is skipped, a hole is noticed. */
export interface FactRecord {
  readonly factId: number;
  readonly fact: AccountFact;
}

/** The value of the fact's record: `{"fact_id": 7, "fact": {…}}`. */
export function encodeFact(record: FactRecord): Buffer {
  return Buffer.from(JSON.stringify({ fact_id: record.factId, fact: record.fact }));
}

/** Throws a TypeError or SyntaxError that names the fault when the value is not an account fact: the reader halts on it. */
export function decodeFact(value: Buffer): FactRecord {
  const wire = JSON.parse(value.toString('utf8')) as { fact_id?: unknown; fact?: AccountFact };
  const { fact_id: factId, fact } = wire ?? {};
  if (!Number.isSafeInteger(factId) || (factId as number) < 1)
    throw new TypeError(`fact_id ${String(factId)}`);
  if (fact?.version !== 1) throw new TypeError(`account fact version ${String(fact?.version)}`);
  const shape = Object.hasOwn(SHAPES, fact.type) ? SHAPES[fact.type] : undefined;
  if (!shape) throw new TypeError(`account fact type ${fact.type}`);
  for (const [field, holds] of Object.entries({ ...EVERY_FACT, ...shape }))
    if (!holds((fact as unknown as Record<string, unknown>)[field]))
      throw new TypeError(`${fact.type} without a valid ${field}`);
  return { factId: factId as number, fact };
}

type Check = (value: unknown) => boolean;
const text: Check = (value) => typeof value === 'string';
const list: Check = (value) => Array.isArray(value);
const instant: Check = (value) => Number.isSafeInteger(value);
const object: Check = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const orNull =
  (holds: Check): Check =>
  (value) =>
    value === null || holds(value);

const EVERY_FACT: Readonly<Record<string, Check>> = { recordedAt: instant };

const SHAPES: Readonly<Record<AccountFact['type'], Readonly<Record<string, Check>>>> = {
  OrganizationRegistered: { organization: text, profile: object, effectiveFrom: instant },
  OrganizationChanged: { organization: text, profile: object },
  TierChanged: { organization: text, tier: text, effectiveFrom: instant },
  SpendLimitSet: {
    organization: text,
    project: orNull(text),
    amount: orNull(text),
    mode: text,
    alerts: list,
    effectiveFrom: instant,
  },
  OverrideGranted: {
    organization: text,
    overrideId: text,
    model: orNull(text),
    serviceTier: orNull(text),
    prices: object,
    limits: object,
    effectiveFrom: instant,
    effectiveTo: orNull(instant),
  },
  CreditGranted: {
    organization: text,
    creditId: text,
    amount: text,
    expiresAt: orNull(instant),
    priority: instant,
  },
  TaxSet: { organization: text, rates: list, effectiveFrom: instant },
  ApiKeyCreated: {
    organization: orNull(text),
    keyId: text,
    name: text,
    hash: text,
    scopes: list,
    expiresAt: orNull(instant),
  },
  ApiKeyRevoked: { organization: orNull(text), keyId: text },
};
