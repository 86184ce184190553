// What an importer makes of a public price list: rows that a catalog could publish, and why the rest was not taken.
import type { Quantity, ServiceTier } from '../../events/quantities.js';

/** A price, and what it becomes for requests whose input is longer than so many tokens. */
export interface ImportedPrice {
  /** femto-USD per unit of the pool: per token, millisecond of audio, character, image or search. */
  readonly femtoPerUnit: bigint;
  /** Ascending; the last one that the input exceeds prices the whole request. */
  readonly aboveContext: readonly ContextPrice[];
}

export interface ContextPrice {
  readonly tokens: number;
  readonly femtoPerUnit: bigint;
}

export type ImportedTable = Partial<Record<Quantity, ImportedPrice>>;

export interface ImportedModel {
  /** As the list names it: `openai`, `bedrock_converse`. */
  readonly provider: string;
  /** As the list names it; unique together with the provider. */
  readonly model: string;
  readonly prices: Partial<Record<ServiceTier, ImportedTable>>;
  readonly contextWindow: number | null;
  readonly maxOutputTokens: number | null;
  /** Which list: `LiteLLM price map`. */
  readonly source: string;
  /** The day that the list is of, `2026-08-06`; null when nobody said. */
  readonly asOf: string | null;
}

/** An entry that was not taken. */
export interface RefusedEntry {
  readonly entry: string;
  readonly reason: string;
}

/** A price of an entry that was taken without it: usage of that kind stays unpriced. */
export interface LeftOut extends RefusedEntry {
  readonly field: string;
}

export interface Imported {
  readonly models: readonly ImportedModel[];
  readonly refused: readonly RefusedEntry[];
  readonly leftOut: readonly LeftOut[];
}

export interface ImportOptions {
  /** The day of the list, `2026-08-06`. */
  readonly asOf?: string | null;
  /** Takes entries whose every price is 0; the lists do not tell "free" from "unknown", so they are refused else. */
  readonly takeFree?: boolean;
}

/** Why an entry cannot be taken. */
export class EntryFault extends Error {}

/** The error's own words, for `instanceof EntryFault`; anything else is a fault of this program and thrown on. */
export function reasonOf(error: unknown): string {
  if (error instanceof EntryFault) return error.message;
  throw error;
}

/** A JSON object; throws a RangeError that says what was found instead. */
export function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RangeError(`${what} is not an object`);
  return value as Record<string, unknown>;
}

/** Whether every price is 0, which in public lists means free or unknown. */
export function isAllZero(prices: ImportedModel['prices']): boolean {
  return Object.values(prices).every((table) =>
    Object.values(table).every(
      ({ femtoPerUnit, aboveContext }) =>
        femtoPerUnit === 0n && aboveContext.every((above) => above.femtoPerUnit === 0n),
    ),
  );
}

/** A whole positive number of tokens, else null: lists write `"max_tokens": ""` too. */
export function tokensOf(value: unknown): number | null {
  const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(count) && (count as number) > 0 ? (count as number) : null;
}
