// Why a request was refused, in numbers and in words: which usage filled the bucket and when each part of it is refilled. Refill
// pays for the oldest usage first, so that what still counts is the newest.
import { formatExact } from '#libs/money/money.js';
import { formatGoDuration } from '#libs/time/duration.js';
import { formatInstant } from '#libs/time/instant.js';
import { type BucketFault, countedBy, type Fault, isSpendFault } from './answer-facts.js';
import type { Contributor } from './decision.js';

const MS_NS = 1_000_000n;

/** A contributor with the part of it that still counted when the decision was made. */
export interface Share extends Contributor {
  /** Requests, tokens or audio seconds, as the limit counts. */
  readonly units: bigint;
  /** Epoch ms; null for a limit of 0, which never refills. */
  readonly freesAt: number | null;
}

export interface Explanation {
  /** The newest first. */
  readonly shares: readonly Share[];
  /** Used by what is not in the list of contributors, which is bounded. */
  readonly otherUnits: bigint;
}

/** Contributors in any order; `project` is whose bucket it is, where the fault is one of a project. */
export interface BucketUse {
  readonly contributors: readonly Contributor[];
  readonly project: string | null;
  /** When the decision was made, epoch ms. */
  readonly at: number;
}

/** Who filled a bucket, as it stood at the instant of a decision. */
export function explainBucket(
  fault: BucketFault,
  { contributors, project, at }: BucketUse,
): Explanation {
  const newest = contributors
    .filter((one) => fault.scope === 'organization' || one.project === project)
    .toSorted((left, right) => right.at - left.at);
  let left = fault.used;
  const parts: (Contributor & { units: bigint })[] = [];
  for (const one of newest) {
    const whole = countedBy(fault.name) === 'requests' ? 1n : one.tokens;
    const units = whole < left ? whole : left;
    left -= units;
    if (units > 0n) parts.push({ ...one, units });
  }
  // From the oldest on: each is refilled after all that is older.
  let refilled = left;
  const shares = parts.toReversed().map((part): Share => {
    refilled += part.units;
    return { ...part, freesAt: refillAt(fault, refilled, at) };
  });
  return { shares: shares.toReversed(), otherUnits: left };
}

function refillAt({ limit, windowSeconds }: BucketFault, units: bigint, at: number): number | null {
  if (limit === 0n) return null;
  const nanos = units * BigInt(windowSeconds) * 1_000_000_000n;
  return at + Number(nanos / limit / MS_NS) + 1;
}

/** One sentence about a fault, and one for each share, the newest first; at most `most` of them. */
export function inWords(fault: Fault, explanation: Explanation, at: number, most = 10): string[] {
  if (isSpendFault(fault)) {
    const { used, limit, requested, kind } = fault;
    const what = kind === 'credit' ? 'prepaid credit' : `spend limit of the ${fault.scope}`;
    return [
      `The ${what} is ${formatExact(limit)}; ${formatExact(used)} was spent or reserved, and this request may cost up to ${formatExact(requested)}.`,
    ];
  }
  const unit = countedBy(fault.name).replace('audio-seconds', 'seconds of audio');
  const shares = explanation.shares.slice(0, most).map((share) => shareInWords(share, unit));
  const others = explanation.shares.slice(most).reduce((sum, { units }) => sum + units, 0n);
  const rest = others + explanation.otherUnits;
  return [
    faultInWords(fault, unit, at),
    ...shares,
    ...(rest > 0n && shares.length > 0
      ? [`${rest} ${unit} more are of usage that is not listed.`]
      : []),
  ];
}

function faultInWords(fault: BucketFault, unit: string, at: number): string {
  const { name, limit, used, requested, retryInNs, scope, kind } = fault;
  const what = `${scope === 'project' ? "the project's " : ''}${name}`;
  if (kind === 'excess_block' && retryInNs !== null)
    return `More tokens were used than had been reserved; refill has paid for them at ${after(at, retryInNs)}.`;
  if (retryInNs === null)
    return `${what} is ${limit}: a request for ${requested} ${unit} never fits, however long it waits.`;
  return `${what} is ${limit}: ${used} ${unit} were in use, the request needs ${requested}, and it fits in ${formatGoDuration(retryInNs)}, at ${after(at, retryInNs)}.`;
}

function shareInWords(share: Share, unit: string): string {
  const { reservation, event, units, at, freesAt } = share;
  const what = reservation ?? (event === undefined ? 'usage' : `event ${event}`);
  const until = freesAt === null ? 'never' : `by ${formatInstant(freesAt)}`;
  return `${what} of ${formatInstant(at)} still counts ${units} ${unit}, refilled ${until}.`;
}

function after(at: number, nanos: bigint): string {
  return formatInstant(at + Number((nanos + MS_NS - 1n) / MS_NS));
}
