// Facts on the `accounts` topic. Money is a decimal string in the organization's currency; instants are epoch ms.
// A price-relevant fact has an `effectiveFrom` on a whole UTC hour; limits and keys act at once (design section 5).
import type { Quantity, ServiceTier } from './quantities.js';

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
        readonly model: string;
        /** null: every service tier. */
        readonly serviceTier: ServiceTier | null;
        /** USD per million units, decimal strings. */
        readonly prices: Partial<Record<Quantity, string>>;
        readonly limits: Partial<Record<LimitName, number | null>>;
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

export function encodeFact(fact: AccountFact): Buffer {
  return Buffer.from(JSON.stringify(fact));
}

export function decodeFact(value: Buffer): AccountFact {
  const fact = JSON.parse(value.toString('utf8')) as AccountFact;
  if (fact.version !== 1) throw new TypeError(`account fact version ${String(fact.version)}`);
  return fact;
}
