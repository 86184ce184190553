// Makes issued invoices again from the log and says where they differ: by number, or all of a month.
import { Home } from '#libs/stack/home.js';
import { Api, ApiError } from '../client/api.js';
import type { Progress } from '../progress.js';

/** The service answers when it has read the log; Node's fetch waits no longer than this for an answer to begin. */
const ANSWER_MS = 300_000;

interface Verified {
  readonly equal: boolean;
  readonly bytes_equal: boolean;
  readonly events: number;
  /** Its link in the chain of documents; absent from a service that keeps none. */
  readonly chain?: { readonly intact: boolean; readonly fault: string | null } | null;
  readonly differences: readonly {
    readonly path: string;
    readonly stored: unknown;
    readonly derived: unknown;
  }[];
}

export interface VerifyOptions {
  readonly home?: string;
  readonly numbers: readonly string[];
  /** `2026-11`: every issued invoice of that month. */
  readonly period?: string;
}

/** Verifies against the running stack of a home; false when one differs or could not be verified. */
export async function verify(options: VerifyOptions, progress: Progress): Promise<boolean> {
  const home = new Home(options.home);
  const endpoints = home.endpoints();
  if (!endpoints) throw new Error(`nothing runs from ${home.dir}`);
  return verifyAt(new Api(endpoints.invoicing, home.adminKey().key), options, progress);
}

/** The same against any invoicing. Every invoice is asked for, whatever became of those before; an unknown number is a failure. */
export async function verifyAt(
  invoicing: Api,
  { numbers, period }: Omit<VerifyOptions, 'home'>,
  progress: Progress,
): Promise<boolean> {
  if (numbers.length > 0 === (period !== undefined))
    throw new RangeError('name invoices, or a month with --period 2026-11');
  const wanted = period === undefined ? numbers : await numbersOf(invoicing, period);
  const bar = progress.bar('invoices', wanted.length);
  const results = [];
  for (const number of wanted) {
    results.push({ number, ...(await ask(invoicing, number)) });
    bar.advance(1);
  }
  bar.done();
  const failed = results.filter((one) => 'error' in one || !one.bytes_equal || isUnchained(one));
  for (const one of failed) for (const line of linesOf(one)) progress.say(line);
  progress.say(`${wanted.length - failed.length} of ${wanted.length} are the same, byte for byte`);
  progress.result({ verified: wanted.length, failed: failed.length, invoices: results });
  return failed.length === 0;
}

async function ask(invoicing: Api, number: string): Promise<Verified | { error: string }> {
  const path = `/v1/invoices/${encodeURIComponent(number)}/verify`;
  try {
    return await invoicing.post<Verified>(path, {}, { timeoutMs: ANSWER_MS });
  } catch (error) {
    if (error instanceof ApiError) return { error: `${error.code}: ${error.message}` };
    throw error;
  }
}

function linesOf(one: { number: string } & (Verified | { error: string })): string[] {
  if ('error' in one) return [`${one.number} could not be verified: ${one.error}`];
  const chain = isUnchained(one) ? [`${one.number} breaks the chain: ${one.chain?.fault}`] : [];
  if (one.bytes_equal) return chain;
  if (one.equal) return [...chain, `${one.number} says the same, but is not the same text`];
  const lines = one.differences.map(
    ({ path, stored, derived }) =>
      `  ${path}: stored ${JSON.stringify(stored)}, from the log ${JSON.stringify(derived)}`,
  );
  return [...chain, `${one.number} DIFFERS from what the log makes of it:`, ...lines];
}

function isUnchained({ chain }: Verified): boolean {
  return chain?.intact === false;
}

async function numbersOf(invoicing: Api, period: string): Promise<string[]> {
  const numbers: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { data: { number: string }[]; next_cursor: string | null } = await invoicing.get(
      '/v1/invoices',
      { period, limit: '500', ...(cursor !== '' && { cursor }) },
    );
    numbers.push(...page.data.map(({ number }) => number));
    cursor = page.next_cursor;
  }
  // The first issued first, as a person reads them.
  return numbers.toReversed();
}
