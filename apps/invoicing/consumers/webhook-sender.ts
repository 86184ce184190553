// One attempt at one endpoint: signed, over a connection to an address that was looked at, without redirects, for 15 s at most.
import { lookup as resolve } from 'node:dns';
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { Clock } from '#libs/time/instant.js';
import type { Attempted } from '../domain/webhook-schedule.js';
import { mayReach, type Networks, urlFault } from '../domain/webhook-url.js';
import type { ClaimedDelivery } from '../store/webhook-delivery.store.js';

const DEADLINE_MS = 15_000;
/** Read of an answer at most; more is cut off with the connection. */
const ANSWER_BYTES = 65_536;
/** Kept of an answer, for the endpoint's owner. */
const KEPT_CHARACTERS = 1_000;

export interface SenderOptions {
  readonly allowedNetworks: Networks;
  readonly clock: Clock;
  /** node:dns's; a spec gives one that lies. */
  readonly resolve?: typeof resolve;
}

export interface Sent {
  readonly attempted: Attempted;
  /** The first 1,000 characters of the answer; null without one. */
  readonly answer: string | null;
}

export class WebhookSender {
  constructor(private readonly options: SenderOptions) {}

  /** Never rejects: a fault of the network or of the address is an attempt that failed. */
  async send(delivery: ClaimedDelivery, secrets: readonly string[]): Promise<Sent> {
    const fault = urlFault(delivery.url, this.options.allowedNetworks);
    if (fault !== undefined) return { attempted: { fault: `the url ${fault}` }, answer: null };
    try {
      return await this.post(delivery, secrets);
    } catch (error) {
      return { attempted: { fault: faultOf(error as Error) }, answer: null };
    }
  }

  private async post(delivery: ClaimedDelivery, secrets: readonly string[]): Promise<Sent> {
    const url = new URL(delivery.url);
    const options: RequestOptions = {
      method: 'POST',
      headers: this.headers(delivery, secrets),
      lookup: this.checkedLookup(),
      // A connection of its own: none is left open to an address that a name led to an hour ago.
      agent: false,
      signal: AbortSignal.timeout(DEADLINE_MS),
    };
    const request = url.protocol === 'https:' ? requestHttps : requestHttp;
    return new Promise((done, failed) => {
      const sending = request(url, options, (answer) => {
        readAnswer(answer).then(done, failed);
      });
      sending.on('error', failed);
      sending.end(delivery.body);
    });
  }

  private headers(
    { messageId, body }: ClaimedDelivery,
    secrets: readonly string[],
  ): Record<string, string | number> {
    const at = new Date(this.options.clock());
    const signatures = secrets.map((secret) => new Webhook(secret).sign(messageId, at, body));
    return {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'Meterbook-Webhooks/1',
      'webhook-id': messageId,
      'webhook-timestamp': Math.floor(at.getTime() / 1_000),
      'webhook-signature': signatures.join(' '),
    };
  }

  // The address that was looked at is the one that is connected to: a name that answers otherwise the second time gains nothing.
  private checkedLookup(): LookupFunction {
    const { allowedNetworks, resolve: ask = resolve } = this.options;
    return (host, options, done) => {
      ask(host, { ...options, all: true }, (error, addresses) => {
        if (error) {
          done(error, '', 0);
          return;
        }
        const bad = addresses.find(({ address }) => !mayReach(address, allowedNetworks));
        const [first] = addresses;
        if (bad || !first) done(new Error(`${host} leads to ${bad?.address ?? 'nothing'}`), '', 0);
        else if (options.all) done(null, addresses);
        else done(null, first.address, first.family);
      });
    };
  }
}

async function readAnswer(answer: IncomingMessage): Promise<Sent> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    parts.push(part);
    size += part.length;
    if (size >= ANSWER_BYTES) break;
  }
  answer.destroy();
  const text = Buffer.concat(parts).toString('utf8').replaceAll('\0', '').slice(0, KEPT_CHARACTERS);
  const seconds = Number(answer.headers['retry-after'] ?? NaN);
  const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds * 1_000) : null;
  return { attempted: { status: answer.statusCode ?? 0, retryAfterMs }, answer: text };
}

function faultOf(error: Error): string {
  if (error.name === 'TimeoutError' || error.name === 'AbortError')
    return `no answer within ${DEADLINE_MS / 1_000} s`;
  return error.message.slice(0, 300);
}
