// What every bench shares: medians, the machine's name, the last line.
import { cpus, totalmem } from 'node:os';
import { SIZES } from './sizes.js';

/** Prints a line of progress. */
export type Say = (line: string) => void;

export interface BenchResult {
  readonly bench: string;
  /** Ours divided by the peer or the limit, measured in the same run. */
  readonly ratios: Readonly<Record<string, number>>;
  readonly figures: Readonly<Record<string, number>>;
  readonly machine: string;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** The value below which a share of the samples lies: percentile([…], 0.99). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpu?.model ?? 'unknown'}, ${memory} GiB, ${process.platform}, Node ${process.version}`;
}

/** Seconds that a piece of work takes, by the monotonic clock. */
export async function secondsOf(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1_000;
}

/** Events a second of ours and of the peer. */
export interface Rates {
  readonly ours: number;
  readonly peer: number;
}

/** Medians of the rounds in which ours and the peer take turns, after one that warms both up and is not counted. */
export async function takeTurns(
  [ours, peer]: readonly [string, string],
  say: Say,
  turn: (round: number) => Promise<Rates>,
): Promise<Rates> {
  const counted: Rates[] = [];
  for (let round = 0; round <= SIZES.rounds; round += 1) {
    const rates = await turn(round);
    const name = round === 0 ? 'warm-up' : `round ${round}`;
    say(`${name}: ${ours} ${Math.round(rates.ours)}, ${peer} ${Math.round(rates.peer)} events/s`);
    if (round > 0) counted.push(rates);
  }
  return {
    ours: median(counted.map((rates) => rates.ours)),
    peer: median(counted.map((rates) => rates.peer)),
  };
}
