// Asks metering and quota over HTTP what they counted of a month. Each question has a deadline: a service that is away is named.
import { Problem } from '#libs/http/problem.js';
import { parseTotals, type ReaderTotals } from '#libs/rating/reader-totals.js';
import { formatMonth, type Period } from '#libs/time/month.js';

export type PeerName = 'metering' | 'quota';

export interface Peers {
  /** Base URLs; undefined where this installation was not told one. */
  readonly metering?: string | undefined;
  readonly quota?: string | undefined;
  /** An API key with the scope `ops`, bound to no organization. */
  readonly key: string;
}

export interface TotalsQuestion {
  readonly organization: string;
  readonly period: Period;
  /** Positions that the answer must have reached; '' for none. */
  readonly atLeast: string;
  /** How long the peer may wait for them, ms. */
  readonly waitMs: number;
}

/** What a peer may take beside the wait that it was asked for. */
const ANSWER_MS = 3_000;

export class PeerReaders {
  constructor(private readonly peers: Peers) {}

  /**
   * The peer's totals. Problem 503: `service_not_configured`, `service_unavailable` (no answer in time, or a fault of its own),
   * `service_refused` (our key) or `not_yet` (it is behind the positions), each naming the service.
   */
  async read(name: PeerName, question: TotalsQuestion): Promise<ReaderTotals> {
    const base = this.peers[name];
    if (base === undefined)
      throw away(name, 'service_not_configured', `${VARIABLE[name]} is not set.`);
    const { status, text } = await this.ask(name, base, question);
    if (status === 200) return totalsIn(name, text);
    const code = codeIn(text);
    if (code === 'not_yet')
      throw away(name, 'not_yet', `${name} has not read as far as the others yet.`);
    if (status === 401 || status === 403)
      throw away(name, 'service_refused', `${name} refused the key of this service (${status}).`);
    throw away(name, 'service_unavailable', `${name} answered ${status}${code && ` (${code})`}.`);
  }

  private async ask(
    name: PeerName,
    base: string,
    { organization, period, atLeast, waitMs }: TotalsQuestion,
  ): Promise<{ status: number; text: string }> {
    const query = new URLSearchParams({ organization, period: formatMonth(period) });
    if (atLeast !== '') query.set('at_least', atLeast);
    query.set('wait_ms', String(waitMs));
    const deadlineMs = waitMs + ANSWER_MS;
    try {
      const answer = await fetch(new URL(`/ops/usage-totals?${query.toString()}`, base), {
        headers: { authorization: `Bearer ${this.peers.key}` },
        signal: AbortSignal.timeout(deadlineMs),
        redirect: 'error',
      });
      return { status: answer.status, text: await answer.text() };
    } catch {
      throw away(name, 'service_unavailable', `${name} gave no answer within ${deadlineMs} ms.`);
    }
  }
}

const VARIABLE: Readonly<Record<PeerName, string>> = {
  metering: 'METERING_URL',
  quota: 'QUOTA_URL',
};

function totalsIn(name: PeerName, text: string): ReaderTotals {
  try {
    return parseTotals(text);
  } catch {
    throw away(name, 'service_unavailable', `${name} answered something else than usage totals.`);
  }
}

function codeIn(text: string): string {
  try {
    const { code } = JSON.parse(text) as { code?: unknown };
    return typeof code === 'string' ? code : '';
  } catch {
    return '';
  }
}

function away(service: PeerName, code: string, detail: string): Problem {
  return new Problem(503, code, detail, { members: { service }, headers: { 'retry-after': '1' } });
}
