// Sums over the lines of an invoice, exact: what a page shows beside the lines themselves.
import { parseMoney } from '#libs/money/money.js';

export interface Line {
  readonly kind: string;
  readonly model: string | null;
  readonly quantity: bigint | null;
  readonly amount_exact: string;
}

export interface CostPart {
  readonly kind: string;
  /** null for what is no usage: fees, credits, adjustments. */
  readonly model: string | null;
  readonly units: bigint;
  readonly femto: bigint;
}

/** Usage by model, the dearest first, then what is no usage by its kind. The parts sum to the lines. */
export function costByModel(lines: readonly Line[]): CostPart[] {
  const parts = new Map<string, CostPart>();
  for (const line of lines) {
    const model = line.kind === 'usage' ? line.model : null;
    const key = `${line.kind} ${model ?? ''}`;
    const before = parts.get(key) ?? { kind: line.kind, model, units: 0n, femto: 0n };
    parts.set(key, {
      ...before,
      units: before.units + (model === null ? 0n : (line.quantity ?? 0n)),
      femto: before.femto + parseMoney(line.amount_exact),
    });
  }
  const all = [...parts.values()];
  const usage = all.filter(({ kind }) => kind === 'usage');
  return [
    ...usage.toSorted((a, b) => (a.femto === b.femto ? 0 : a.femto < b.femto ? 1 : -1)),
    ...all.filter(({ kind }) => kind !== 'usage'),
  ];
}
