// The bodies of the contract (http-contract.md) as `parseExact` gives them, counts bigint and money decimal text; those of billing are in
// billing-types.ts.

export interface AsOf {
  readonly caught_up_at: string | null;
  readonly lag_ms: bigint | null;
}

export interface Session {
  /** The organization that the key is bound to; null for one that is bound to none. */
  readonly organization: string | null;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expires_at: string;
}

export interface Page<T> {
  readonly data: readonly T[];
  readonly next_cursor: string | null;
}

export interface Plan {
  readonly tier: string;
  readonly title: string;
  readonly monthly_fee: string | null;
  readonly usage: 'free' | 'metered' | 'contract' | null;
  readonly since: string;
  readonly next?: { readonly tier: string; readonly from: string };
  readonly features: readonly string[];
}

export interface Limit {
  readonly name: string;
  /** null: no limit. */
  readonly limit: bigint | null;
  readonly used: bigint | null;
  readonly remaining: bigint | null;
  readonly window_seconds: bigint;
  /** Go duration text; null when never (a limit of 0 that was used) or without a limit. */
  readonly full_in: string | null;
}

export interface Limits {
  readonly organization: string;
  readonly plan: Plan;
  readonly profile: string;
  readonly models: readonly { readonly model: string; readonly limits: readonly Limit[] }[];
  readonly as_of: AsOf;
}

export interface Spend {
  readonly organization: string;
  readonly period: Range;
  readonly currency: string;
  readonly spent_exact: string;
  readonly held_exact: string;
  readonly limit: string | null;
  readonly remaining_exact: string | null;
  readonly mode: 'hard' | 'soft' | null;
  readonly alerts: readonly { readonly percent: bigint; readonly reached_at: string | null }[];
  readonly forecast: string | null;
  readonly blocked: boolean;
  readonly list_exact?: string;
  readonly free_exact?: string;
  readonly as_of: AsOf;
}

export interface Range {
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
}

export interface UsageRow extends Range {
  readonly model?: string | null;
  readonly project?: string | null;
  readonly service_tier?: string | null;
  readonly adapter?: string | null;
  readonly api_key?: string | null;
  readonly requests: bigint;
  readonly tokens: Readonly<Record<string, bigint>>;
  readonly audio_ms: bigint;
  readonly characters: bigint;
  readonly images: bigint;
  readonly searches: bigint;
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
}

export interface SpendLimit {
  readonly project: string | null;
  readonly amount: string | null;
  readonly mode: 'hard' | 'soft';
  readonly alerts: readonly bigint[];
  readonly effective_from: string;
}

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly tier: string;
  readonly profile: 'groq' | 'openai';
  readonly legal_name: string | null;
  readonly email: string | null;
  readonly address: string | null;
  readonly tax_ids: readonly string[];
  readonly timezone_label: string | null;
  readonly registered_at: string;
  readonly spend_limit: SpendLimit | null;
  readonly keys: readonly ApiKey[];
}

export interface Decision {
  readonly id: string;
  readonly at: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly outcome: 'admitted' | 'refused';
  readonly tier?: string;
  readonly violated: readonly Violation[];
  readonly contributors: readonly Contributor[];
  /** Every bucket of the model as it stood, in the way or not. */
  readonly windows?: readonly (Limit & { readonly scope?: string })[];
  /** Decided from a bounded local lease, while the database was away. */
  readonly leased?: boolean;
  readonly answer: {
    readonly status: bigint;
    readonly headers: Readonly<Record<string, unknown>>;
    readonly body: unknown;
  } | null;
}

export interface Violation {
  readonly name: string;
  readonly kind?: 'bucket' | 'too_large' | 'excess_block' | 'spend_limit' | 'credit';
  readonly scope?: 'organization' | 'project';
  readonly limit: bigint | string | null;
  readonly used: bigint | string | null;
  readonly requested: bigint | string | null;
  readonly retry_in: string | null;
}

export interface Contributor {
  readonly reservation?: string | null;
  readonly event?: string | null;
  readonly tokens?: bigint | null;
  readonly at: string;
  /** How much of it still counted, as the limit counts. */
  readonly counts?: bigint | null;
  readonly frees_at?: string | null;
}
