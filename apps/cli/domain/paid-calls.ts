// The public ledger of paid calls (aider's opt-in analytics; the README of the data folder says where it is from).
import { parseInstant } from '#libs/time/instant.js';

/** One paid call as its tool recorded it; decimals as they stand in the file. */
export interface PaidCall {
  /** 1 for the first row. */
  readonly row: number;
  readonly at: number;
  readonly user: string;
  readonly model: string;
  /** Cached tokens included. */
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly totalTokens: number;
  readonly costUsd: string;
  /** USD per token of the public price list of that day; null when it had no such model. */
  readonly inputUsd: string | null;
  readonly outputUsd: string | null;
}

const COLUMNS = [
  'time_utc',
  'user',
  'model',
  'prompt_tokens',
  'completion_tokens',
  'total_tokens',
  'cost_usd',
  'catalog_input_usd_per_token',
  'catalog_output_usd_per_token',
] as const;

/** Reads the CSV, which has no quotes; RangeError for a missing column or a row that is none. */
export function readPaidCalls(text: string): PaidCall[] {
  const [header = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  const names = header.split(',');
  const places = COLUMNS.map((name) => names.indexOf(name));
  const missing = COLUMNS.filter((_, index) => places[index] === -1);
  if (missing.length > 0) throw new RangeError(`the ledger has no column ${missing.join(', ')}`);
  return lines.map((line, index) => {
    const cells = line.split(',');
    if (cells.length !== names.length)
      throw new RangeError(`row ${index + 1} has ${cells.length} cells, not ${names.length}`);
    return paidCall(
      index + 1,
      places.map((place) => cells[place] ?? ''),
    );
  });
}

function paidCall(row: number, cells: readonly string[]): PaidCall {
  const [time = '', user = '', model = '', prompt, completion, total, costUsd = '', input, output] =
    cells;
  const at = parseInstant(time);
  if (at === undefined) throw new RangeError(`row ${row}: "${time}" is not an instant`);
  const count = (text: string | undefined): number => {
    if (text === undefined || !/^\d+$/.test(text))
      throw new RangeError(`row ${row}: "${text}" is not a token count`);
    return Number(text);
  };
  return {
    row,
    at,
    user,
    model,
    promptTokens: count(prompt),
    completionTokens: count(completion),
    totalTokens: count(total),
    costUsd,
    inputUsd: input || null,
    outputUsd: output || null,
  };
}
