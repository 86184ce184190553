// Numbers are gapless per legal entity and year of issue: the counter moves in the transaction that issues.

/** MB, 2026, 17 → `MB-2026-000017`. */
export function invoiceNumber(legalEntity: string, year: number, sequence: bigint): string {
  return `${legalEntity}-${year}-${sequence.toString().padStart(6, '0')}`;
}
