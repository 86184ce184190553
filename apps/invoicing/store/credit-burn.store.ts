// What was taken of prepaid credits: written with the invoice that takes it, in its transaction.
import type { DataSource, EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import type { CreditUse } from '../domain/credit-balance.js';
import type { Invoice } from '../domain/invoice.js';
import { closedMonths } from './closed-month.store.js';

export class CreditBurnStore {
  constructor(private readonly source: DataSource) {}

  /** Taken of each credit by invoices that are not void. */
  async burntOf(organization: string, tx?: EntityManager): Promise<Map<string, bigint>> {
    const burnt = new Map<string, bigint>();
    for (const { credit, amountMinor } of await this.usesOf(organization, tx))
      burnt.set(credit, (burnt.get(credit) ?? 0n) + amountMinor);
    return burnt;
  }

  /** Every use, in the order of issue. */
  async usesOf(organization: string, tx?: EntityManager): Promise<CreditUse[]> {
    const found = await rows<Record<string, string>>(
      tx ?? this.source,
      `SELECT b.credit, b.invoice, b.amount_minor, i.period_from, i.period_to
       FROM credit_burn b JOIN invoice i ON i.number = b.invoice
       WHERE b.organization = $1 AND i.state <> 'void' ORDER BY i.id, b.credit`,
      [organization],
    );
    return found.map((row) => ({
      credit: row['credit'] as string,
      invoice: row['invoice'] as string,
      period: { from: Number(row['period_from']), to: Number(row['period_to']) },
      amountMinor: BigInt(row['amount_minor'] as string),
    }));
  }

  /** Starts of months up to `now` that have an invoice, or were closed with nothing to bill. */
  async closedMonths(organization: string, now: number): Promise<number[]> {
    const closed = await closedMonths(this.source, [organization], now + 1);
    return (closed.get(organization) ?? []).map(({ period }) => period.from);
  }
}

/** Writes what invoices take of credits; nothing where none does. */
export async function recordBurns(
  tx: EntityManager,
  issued: readonly { readonly number: string; readonly invoice: Invoice }[],
): Promise<void> {
  const burns = issued.flatMap(({ number, invoice: { account, credits } }) =>
    credits.map(({ credit, amountMinor }) => [number, credit.id, account.id, String(amountMinor)]),
  );
  if (burns.length === 0) return;
  await tx.query(
    `INSERT INTO credit_burn (invoice, credit, organization, amount_minor)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::numeric[])`,
    [0, 1, 2, 3].map((column) => burns.map((burn) => burn[column])),
  );
}
