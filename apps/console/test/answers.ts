// As much of the API's answers as the specs read, as JSON.parse gives them.

export interface LimitAnswer {
  readonly name: string;
  readonly limit: number | null;
  readonly used: number | null;
  readonly remaining: number | null;
  readonly full_in: string | null;
}

export interface LimitsAnswer {
  readonly plan: { readonly monthly_fee: string; readonly since: string };
  readonly models: readonly { readonly model: string; readonly limits: readonly LimitAnswer[] }[];
}

export interface SpendAnswer {
  readonly spent_exact: string;
  readonly held_exact: string;
  readonly limit: string;
  readonly remaining_exact: string;
  readonly forecast: string;
  readonly list_exact: string;
  readonly alerts: readonly { readonly percent: number }[];
}

export interface UsageAnswer {
  readonly data: readonly {
    readonly model: string;
    readonly service_tier: string;
    readonly tokens: Readonly<Record<string, number>>;
  }[];
}

export interface InvoiceAnswer {
  readonly number: string;
  readonly total: string;
  readonly amount_due: string;
  readonly taxes: readonly TaxAnswer[];
  readonly lines: readonly {
    readonly line: number;
    readonly kind: string;
    readonly model: string | null;
    readonly quantity: number | null;
    readonly amount: string;
    readonly amount_exact: string;
    readonly events: number | null;
  }[];
}

export interface TaxAnswer {
  readonly amount: string;
}

export interface CreditNoteAnswer {
  readonly number: string;
  readonly total: string;
  readonly taxes: readonly TaxAnswer[];
}

export interface PublishedAnswer {
  readonly models: Readonly<
    Record<string, { readonly prices: Readonly<Record<string, Readonly<Record<string, string>>>> }>
  >;
  readonly tiers: Readonly<
    Record<
      string,
      { readonly limits: Readonly<Record<string, Readonly<Record<string, number | null>>>> }
    >
  >;
}
