import type { Quantities } from '../quantities.js';
import type { UsageFields } from './usage-fields.js';

/** A usage object as a provider sent it. */
export type RawUsage = Readonly<Record<string, unknown>>;

/** One provider's convention. Adding a provider is one file that exports one of these and one line in `formats.ts`. */
export interface UsageFormat {
  readonly name: string;
  /** Field names that only this convention has: any one of them tells it where `usage_format` is left out. */
  readonly marks: readonly string[];
  /** What no single field name tells: a shape of several. */
  readonly isTold?: (raw: RawUsage) => boolean;
  /** Turns the provider's object into disjoint pools; whatever is wrong with it is left in `usage.fault`. */
  read(usage: UsageFields): Quantities;
  /** Folds the usage objects of one stream, in order, into the final one; absent where `overlay` is the rule. */
  readonly fold?: (chunks: readonly RawUsage[]) => RawUsage;
}
