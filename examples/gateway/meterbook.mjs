// The four calls that a gateway makes: reserve, extend, release, and the usage event that settles. Nothing but fetch.
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

/** Header fields of an answer that the customer is to see. */
const FORWARDED =
  /^(content-type|retry-after(-ms)?|x-should-retry|x-ratelimit-.*|ratelimit(-policy)?|meterbook-decision-id)$/;

export class Meterbook {
  constructor({ quotaUrl, ingestUrl, key, source, say }) {
    Object.assign(this, { quotaUrl, ingestUrl, key, source, say });
  }

  /**
   * May it run? `{ admitted: true, id, headers }`, or the refusal to forward: `{ status, headers, body }`. An answer without
   * `meterbook-decision-id` is our own trouble and not the customer's: undefined.
   */
  async reserve({ accept, ...wanted }) {
    const answer = await this.call(
      'POST',
      `${this.quotaUrl}/v1/reservations`,
      wanted,
      accept ? { accept } : {},
    );
    if (!answer?.headers.has('meterbook-decision-id')) {
      this.say({ trouble: 'reserve', status: answer?.status ?? null, body: answer?.text });
      return undefined;
    }
    const headers = Object.fromEntries(
      [...answer.headers].filter(([name]) => FORWARDED.test(name)),
    );
    if (answer.status !== 201) return { status: answer.status, headers, body: answer.text };
    delete headers['content-type'];
    return { admitted: true, id: JSON.parse(answer.text).id, headers };
  }

  /** What a stream has used so far: keeps the reservation alive, and is what it expires to if we die. */
  async extend(id, tokens) {
    return this.call('POST', `${this.quotaUrl}/v1/reservations/${id}/extend`, {
      tokens,
      ttl_seconds: 60,
    });
  }

  /** Nothing was used: everything is given back at once. */
  async release(id) {
    return this.call('DELETE', `${this.quotaUrl}/v1/reservations/${id}`);
  }

  /**
   * The usage event settles the reservation that it names. The same id is the same usage, so that it may be sent until it is
   * acknowledged; a gateway that must not lose one on a crash writes it to disk first.
   */
  async report({ organization, model, reservation, usage, status }) {
    const event = {
      specversion: '1.0',
      type: 'dev.meterbook.usage.v1',
      source: this.source,
      id: randomUUID(),
      subject: organization,
      time: new Date().toISOString(),
      data: { model, reservation, status, usage, usage_format: 'openai_chat' },
    };
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.call('POST', `${this.ingestUrl}/v1/events`, event, {
        'content-type': 'application/cloudevents+json',
      });
      if (answer?.status === 202) return JSON.parse(answer.text).positions;
      if (answer && answer.status < 500 && answer.status !== 429) {
        this.say({ trouble: 'report', status: answer.status, body: answer.text });
        return undefined;
      }
      await wait(Math.min(200 * 2 ** attempt, 10_000));
    }
  }

  async call(method, url, body, headers = {}) {
    const own = {
      authorization: `Bearer ${this.key}`,
      ...(body && { 'content-type': 'application/json' }),
    };
    try {
      const answer = await fetch(url, {
        method,
        headers: { ...own, ...headers },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(3_000),
      });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    } catch (error) {
      this.say({ trouble: url, error: String(error) });
      return undefined;
    }
  }
}
