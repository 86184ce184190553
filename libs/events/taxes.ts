// Tax rates as terms of an organization. They decide no price and no admission: only what stands on a document, by the rates in force
// at the end of the month that a line bills.

/** Why a rate is not charged: the customer owes the tax himself, or nobody owes it. `reason` is printed: a certificate, an article. */
export interface TaxExemption {
  readonly kind: 'reverse_charge' | 'exempt';
  readonly reason: string;
}

export interface TaxRate {
  /** `VAT`. */
  readonly name: string;
  /** `19` is 19 %: a decimal from 0 to 100 with at most 6 places. */
  readonly percent: string;
  /** Where it is owed: `DE`, `US-NY`. */
  readonly jurisdiction: string;
  /** `inclusive`: prices contain it, and the total does not grow. */
  readonly behavior: 'exclusive' | 'inclusive';
  /** null: it is charged. */
  readonly exemption: TaxExemption | null;
}

/** What is taxed from an instant on; no rates: nothing. */
export interface TaxFact {
  readonly type: 'TaxSet';
  readonly organization: string;
  readonly rates: readonly TaxRate[];
  /** Any instant, past ones too: documents that were issued stay as they are. */
  readonly effectiveFrom: number;
}

export interface TaxSpan {
  readonly rates: readonly TaxRate[];
  readonly from: number;
}

/** The span that a fact begins. */
export function taxSpanOf({ rates, effectiveFrom: from }: TaxFact): TaxSpan {
  return { rates, from };
}

/** As with tiers: a later decision about the same or an earlier instant replaces what was planned after it. In order of `from`. */
export function insertTax(taxes: readonly TaxSpan[], span: TaxSpan): readonly TaxSpan[] {
  return [...taxes.filter((planned) => planned.from < span.from), span];
}

/** The rates in force at an instant; none before the first were set. */
export function taxesAt(taxes: readonly TaxSpan[] | undefined, at: number): readonly TaxRate[] {
  return taxes?.findLast(({ from }) => from <= at)?.rates ?? [];
}
