import type { Quantities } from '../quantities.js';
import type { UsageFields } from './usage-fields.js';

/** One provider's convention. Adding a provider is one file that exports one of these and one line in `formats.ts`. */
export interface UsageFormat {
  readonly name: string;
  /** Field names that only this convention has: any one of them tells it where `usage_format` is left out. */
  readonly marks: readonly string[];
  /** Turns the provider's object into disjoint pools; whatever is wrong with it is left in `usage.fault`. */
  read(usage: UsageFields): Quantities;
}
