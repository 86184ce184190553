// Records as they were first written, kept for good: the log is read again from its beginning whenever a read model is built anew, so
// every format that was ever written stays readable. Lines of released/records.ndjson are added and never changed.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseInstant } from '../time/instant.js';
import { decodeFact } from './account-facts.js';
import { decodeBillingEvent } from './billing-event.js';
import { decodeCatalogFact } from './catalog-fact.js';
import { gate } from './gate.js';
import { decodeMetered } from './metered-batch.js';
import { decodeQuotaEvent } from './quota-event.js';
import { decodeRejected } from './rejection.js';

interface Released {
  readonly topic: 'usage.recorded' | 'usage.metered' | 'usage.rejected';
  readonly format: string;
  readonly value: string;
  /** What it says, with BigInts as `17n`. */
  readonly reads: unknown;
}

const NOW = parseInstant('2026-11-24T09:30:00Z') as number;
const lines = readFileSync(join(import.meta.dirname, 'released', 'records.ndjson'), 'utf8')
  .trimEnd()
  .split('\n');
const released = lines.map((line) => JSON.parse(line) as Released);

const READERS: Readonly<Record<Released['topic'], (value: Buffer) => unknown>> = {
  'usage.recorded': (value) => gate(value, { now: NOW }),
  'usage.metered': decodeMetered,
  'usage.rejected': decodeRejected,
};

function plain(value: unknown): unknown {
  const text = JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'bigint' ? `${one}n` : one,
  );
  return JSON.parse(text);
}

describe('a record of an earlier release', () => {
  it.each(released)('$topic $format is read as it was then', ({ topic, value, reads }) => {
    expect(plain(READERS[topic](Buffer.from(value)))).toEqual(reads);
  });

  it('stays as it was: the first seven lines are those of the first release', () => {
    const first = lines.slice(0, 7).join('\n');
    expect(createHash('sha256').update(first).digest('hex')).toBe(
      '04cacf19f70d93f3268bc4a20e2af688d3ceb323631577f2854435b061aae9e1',
    );
  });
});

describe('a record of a later release', () => {
  it.each<[string, (value: Buffer) => unknown, Record<string, unknown>]>([
    ['usage.metered', decodeMetered, { version: 3, partition: 0, from: 0, to: 1, events: [] }],
    ['accounts', decodeFact, { fact_id: 1, fact: { version: 2, type: 'OrganizationCreated' } }],
    ['accounts', decodeFact, { fact_id: 1, fact: { version: 1, type: 'SomethingNew' } }],
    ['catalog', decodeCatalogFact, { version: 2, fact_id: 1 }],
    ['billing.events', decodeBillingEvent, { version: 2, id: 'i' }],
    ['quota.events', decodeQuotaEvent, { version: 2, id: 'i' }],
  ])('%s stops its reader, which never guesses', (_, decode, value) => {
    expect(() => decode(Buffer.from(JSON.stringify(value)))).toThrow(/version|type/);
  });

  it('usage.recorded is parked with its bytes, named as a type that is not known', () => {
    const { value } = released[0] as Released;
    const later = value.replace('usage.v1', 'usage.v2');
    expect(gate(Buffer.from(later), { now: NOW })).toMatchObject({
      refusal: { reason: 'unknown_type', pointer: '/type' },
    });
  });
});
