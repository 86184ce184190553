// Our price of a paid call against the one that was recorded, and why they differ where they do.
import { formatExact, parseMoney } from '#libs/money/money.js';
import { femtoOf } from '#libs/rating/import/list-number.js';
import type { Quantities } from '#libs/events/quantities.js';
import type { PaidCall } from './paid-calls.js';
import type { Verdict } from './paid-calls-explained.js';
import { EXPLANATIONS, NOISE_FEMTO, tokensOf } from './paid-calls-explained.js';

export interface Judged {
  readonly call: PaidCall;
  readonly verdict: Verdict;
  /** What we charge, exact; null where the usage has no price and waits. */
  readonly ours: string | null;
  readonly detail: string;
}

/** A price for usage of a call; undefined when a pool of it has no price in force. */
export type PriceOf = (call: PaidCall, tokens: Quantities) => bigint | undefined;

/** Judges a call: first as it stands, then with the cached tokens that its cost tells of. */
export function judge(call: PaidCall, priceOf: PriceOf): Judged {
  const plain = tokensOf(call, {});
  const femto = priceOf(call, plain);
  const recorded = recordedFemto(call.costUsd);
  if (femto === undefined) {
    const verdict =
      recorded.femto === 0n
        ? 'no price on that day, recorded as 0'
        : 'no price on that day, recorded as paid';
    return { call, verdict, ours: null, detail: 'waits in suspense until a price is published' };
  }
  const ours = formatExact(femto);
  const same = comparison(femto, recorded);
  if (same) return { call, verdict: same, ours, detail: '' };
  for (const explain of EXPLANATIONS) {
    const told = explain(call, recorded.femto - femto);
    const again = told && priceOf(call, told.tokens ?? plain);
    if (!told || again === undefined) continue;
    const corrected = { ...recorded, femto: recorded.femto - (told.faultFemto ?? 0n) };
    if (comparison(again, corrected))
      return { call, verdict: told.verdict, ours: formatExact(again), detail: told.detail };
  }
  return { call, verdict: 'unexplained', ours, detail: `recorded ${call.costUsd}, ours ${ours}` };
}

interface Recorded {
  readonly femto: bigint;
  /** Whether the recorded decimal is finer than a femto-dollar: then it is a float's tail. */
  readonly isExact: boolean;
}

function recordedFemto(text: string): Recorded {
  try {
    return { femto: femtoOf(text), isExact: true };
  } catch {
    // Cut to the femto: what is below it is no money.
    const [whole = '0', fraction = ''] = Number(text).toFixed(18).split('.');
    return { femto: parseMoney(`${whole}.${fraction.slice(0, 15)}`), isExact: false };
  }
}

function comparison(ours: bigint, { femto, isExact }: Recorded): Verdict | undefined {
  if (isExact && ours === femto) return 'equal';
  const difference = ours > femto ? ours - femto : femto - ours;
  return difference <= NOISE_FEMTO ? 'equal but for binary digits' : undefined;
}
