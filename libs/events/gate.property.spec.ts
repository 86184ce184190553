import fc from 'fast-check';
import { parseInstant } from '../time/instant.js';
import { eventInstant } from './gate-instant.js';
import { UNEXPLAINED } from './gate-refusal.js';
import { gate, type Gated } from './gate.js';
import { DOOR_REASONS } from './rejection.js';
import { FORMATS } from './usage/formats.js';

/** 10^4 in CI; FUZZ_RUNS=1000000 FUZZ_SEED=1 for a long run that can be run again. */
const runs = Number(process.env['FUZZ_RUNS'] ?? 10_000);
const seed = process.env['FUZZ_SEED'];
const RUNS = { numRuns: runs, ...(seed !== undefined && { seed: Number(seed) }) };
/** Shared among the formats. */
const EACH = { ...RUNS, numRuns: Math.ceil(runs / (FORMATS.length + 1)) };

const NOW = parseInstant('2026-11-24T09:30:00Z') as number;
const EVENT = {
  specversion: '1.0',
  type: 'dev.meterbook.usage.v1',
  source: '//eu-1/node-17',
  id: 'req-1',
  subject: 'org_acme',
  time: '2026-11-24T09:29:00.120Z',
  data: { model: 'm', tokens: { input: 300, output: 180 } } as Record<string, unknown>,
};

function answer(bytes: Buffer): string {
  return answerOf(gate(bytes, { now: NOW }));
}

function answerOf(result: Gated): string {
  if ('event' in result) return 'event';
  return result.refusal.detail === UNEXPLAINED.detail ? 'unexplained' : result.refusal.reason;
}

const NESTED = [
  'total_tokens',
  'totalTokens',
  'prompt_tokens_details',
  'completion_tokens_details',
  'cached_tokens',
  'reasoning_tokens',
  'input_tokens',
  'output_tokens',
  'tokens',
  'usage',
  'iterations',
  'type',
  'ephemeral_1h_input_tokens',
  'cacheDetails',
  'promptTokensDetails',
  'cachedContentTokenCount',
  'results',
  'prefill',
];
const ANSWERS: readonly string[] = ['event', ...DOOR_REASONS];

describe('gate property', () => {
  it('answers any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(ANSWERS).toContain(answer(Buffer.from(bytes)));
      }),
      RUNS,
    );
  });

  it('answers any JSON in any place of an event', () => {
    const place = fc.constantFrom(...Object.keys(EVENT), 'data_base64', 'sequence', '__proto__');
    fc.assert(
      fc.property(place, fc.jsonValue(), (name, value) => {
        const event = JSON.stringify({ ...EVENT }).slice(0, -1);
        const text = `${event},${JSON.stringify(name)}:${JSON.stringify(value)}}`;
        expect(ANSWERS).toContain(answer(Buffer.from(text)));
      }),
      RUNS,
    );
  });

  it('answers any JSON in any place of its data', () => {
    const names = fc.constantFrom(
      ...'model user tokens usage status searches original x'.split(' '),
    );
    fc.assert(
      fc.property(names, fc.jsonValue(), (name, value) => {
        const event = { ...EVENT, data: { ...EVENT.data, [name]: value } };
        expect(ANSWERS).toContain(answer(Buffer.from(JSON.stringify(event))));
      }),
      RUNS,
    );
  });

  it.each([null, ...FORMATS.map(({ name }) => name)])(
    'answers any usage object and any stream of them as format %s',
    (usage_format) => {
      const names = fc.constantFrom(...FORMATS.flatMap(({ marks }) => marks), ...NESTED);
      // Small on purpose: what a normaliser trips over is a name in a wrong place, not the size of what is there.
      const counts = fc.oneof(fc.nat(40), fc.maxSafeNat(), fc.jsonValue({ maxDepth: 1 }));
      const details = fc.dictionary(names, counts, { maxKeys: 4 });
      const some = fc.array(details, { maxLength: 3 });
      const object = fc.dictionary(names, fc.oneof(counts, details, some), { maxKeys: 8 });
      const chunks = fc.array(fc.oneof(object, fc.constant(null)), { maxLength: 4 });
      const usages = fc.oneof(object, chunks);
      fc.assert(
        fc.property(usages, (usage) => {
          const event = { ...EVENT, data: { model: 'm', usage, usage_format } };
          const bytes = Buffer.from(JSON.stringify(event));
          const result = gate(bytes, { now: NOW });
          expect(ANSWERS).toContain(answerOf(result));
          const { usage: counted } = 'event' in result ? result.event : { usage: null };
          for (const units of Object.values(counted?.quantities ?? {}))
            expect(Number.isSafeInteger(units) && units >= 0).toBe(true);
        }),
        EACH,
      );
    },
  );

  it('never takes what any one flipped byte makes of a quantity for another number', () => {
    const bytes = Buffer.from(JSON.stringify(EVENT));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Buffer.from(bytes);
        damaged[at] = (damaged[at] as number) ^ flip;
        const result = gate(damaged, { now: NOW });
        if (!('event' in result)) return;
        const parsed = JSON.parse(damaged.toString('utf8')) as typeof EVENT;
        expect(result.event.usage?.quantities).toEqual(parsed.data['tokens']);
      }),
      RUNS,
    );
  });
});

describe('event instant', () => {
  it('agrees with the slow reader on every text', () => {
    const texts = fc.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
    const instants = fc
      .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
      .map((date) => date.toISOString());
    // Of any century: 10^6 runs found 0080 read as 1980.
    const years = fc.tuple(fc.nat(9_999), instants).map(([year, text]) => {
      return String(year % 3 === 0 ? year % 100 : year).padStart(4, '0') + text.slice(4);
    });
    // With one character that does not belong where it stands: 00.1x0Z was read as no number at all, and taken.
    const spoilt = fc
      .tuple(instants, fc.nat(23), fc.constantFrom('x', '-', ' ', '9', '', '٣'))
      .map(([text, at, by]) => text.slice(0, at) + by + text.slice(at + 1));
    fc.assert(
      fc.property(fc.oneof(texts, instants, years, spoilt), (text) => {
        expect(eventInstant(text)).toBe(parseInstant(text));
      }),
      RUNS,
    );
  });
});
