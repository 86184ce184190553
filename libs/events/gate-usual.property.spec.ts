import fc from 'fast-check';
import { parseInstant } from '../time/instant.js';
import { gate, gateByRules, usualEvent } from './gate.js';
import { QUANTITIES, SERVICE_TIERS, TOKEN_POOLS } from './quantities.js';
import { RECORDED_TYPE, VOIDED_TYPE } from './usage-event.js';

/** 10^4 in CI; FUZZ_RUNS=1000000 for a long run. */
const RUNS = { numRuns: Number(process.env['FUZZ_RUNS'] ?? 10_000) };

const NOW = parseInstant('2026-11-24T09:30:00Z') as number;
const UUID = '01a20ce3-1b60-7abc-8def-0123456789ab';
const EVENT = {
  specversion: '1.0',
  type: RECORDED_TYPE,
  source: '//eu-1/node-17',
  id: UUID,
  subject: 'org_acme',
  time: '2026-11-24T09:29:00.120Z',
  datacontenttype: 'application/json',
  sequence: '0017',
  data: {
    model: 'm-70b',
    project: 'p',
    api_key: null,
    service_tier: 'flex',
    adapter: null,
    reservation: 'r-1',
    user: 'u',
    status: 'aborted',
    tokens: { input: 300, cached_input: 0, output: 180 } as Record<string, unknown>,
  } as Record<string, unknown>,
};
const TEXT = JSON.stringify(EVENT);

/** The two answers, with the order of the quantities, which is part of what is written behind the gate. */
function bothAnswers(text: string | Buffer): { quick: unknown; slow: unknown } {
  const bytes = Buffer.from(text as string);
  const context = { now: NOW };
  const quick = gate(bytes, context);
  const slow = gateByRules(bytes, context);
  return { quick: [quick, namesIn(quick)], slow: [slow, namesIn(slow)] };
}

function namesIn(gated: ReturnType<typeof gate>): string[] {
  return 'event' in gated ? Object.keys(gated.event.usage?.quantities ?? {}) : [];
}

function isUsual(text: string): boolean {
  return usualEvent(Buffer.from(text), { now: NOW }) !== undefined;
}

// What may stand in a place: what belongs there, what nearly does, and anything.
const names = fc.oneof(
  fc.constantFrom(
    'org_acme',
    'org_A',
    'org_',
    'm',
    UUID,
    'é',
    '😀',
    'a\\b',
    'a"b',
    'a\nb',
    '',
    ' ',
  ),
  fc.constantFrom('\u007f', 'x'.repeat(256), 'x'.repeat(257), '01JDESTMZ0ABCDEFGHJKMNPQRS', '17'),
  fc.constantFrom('2026-11-24T09:29:00.120Z', '2026-11-24T10:29:00+01:00', '2026-02-30T00:00:00Z'),
  fc.constantFrom('1.0', RECORDED_TYPE, VOIDED_TYPE, 'application/json', 'completed', 'failed'),
  fc.constantFrom(...SERVICE_TIERS),
);
const counts = fc.oneof(
  fc.nat(),
  fc.maxSafeNat(),
  fc.constantFrom(-1, -0, 0.5, 1e15 - 1, 1e15, 2 ** 50, 2 ** 53, 1e21, null, '1', true),
);
const anything = fc.oneof(names, counts, fc.jsonValue());
const tokens = fc.dictionary(fc.constantFrom(...TOKEN_POOLS, 'images', 'total'), counts);
const dataNames = Object.keys(EVENT.data);
const data = fc
  .record({
    changed: fc.dictionary(fc.constantFrom(...dataNames, ...QUANTITIES, 'usage', 'x'), anything, {
      maxKeys: 2,
    }),
    left: fc.subarray(dataNames),
    tokens: fc.oneof({ weight: 4, arbitrary: tokens }, { weight: 1, arbitrary: anything }),
  })
  .map(({ changed, left, tokens: read }) => ({
    ...EVENT.data,
    ...Object.fromEntries(left.map((name) => [name, undefined])),
    tokens: read,
    model: 'm',
    ...changed,
  }));
const envelope = fc
  .record({
    changed: fc.dictionary(
      fc.constantFrom(...Object.keys(EVENT), 'mbmapped', 'ext', 'data_base64', '__proto__'),
      anything,
      { maxKeys: 2 },
    ),
    data: fc.oneof(data, fc.constant(EVENT.data)),
    order: fc.shuffledSubarray(Object.keys(EVENT), { minLength: 7 }),
  })
  .map(({ changed, data: said, order }) => {
    const whole: Record<string, unknown> = { ...EVENT, data: said, ...changed };
    const named = [...order, ...Object.keys(changed).filter((name) => !order.includes(name))];
    return Object.fromEntries(named.map((name) => [name, whole[name]]));
  });
// As JavaScript, Python and pretty printers lay JSON out.
const layout = fc.constantFrom(
  (value: unknown) => JSON.stringify(value),
  (value: unknown) => spaced(value),
  (value: unknown) => JSON.stringify(value, null, 1),
);

// `json.dumps` of Python: a space after each comma and colon.
function spaced(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  const parts = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{${parts.map(([name, one]) => `${JSON.stringify(name)}: ${spaced(one)}`).join(', ')}}`;
}

describe('usual event', () => {
  it('is what the rules take as the same event, whatever stands in its places', () => {
    let usual = 0;
    fc.assert(
      fc.property(envelope, layout, (event, print) => {
        const text = print(event);
        if (isUsual(text)) usual += 1;
        const { quick, slow } = bothAnswers(text);
        expect(quick).toEqual(slow);
      }),
      RUNS,
    );
    // Else this would compare the rules with themselves.
    expect(usual).toBeGreaterThan((RUNS.numRuns ?? 0) / 50);
  });

  it('is what the rules take as the same event, whatever happens to its bytes', () => {
    let usual = 0;
    const piece = fc.oneof(
      fc.constantFrom(
        ',',
        '"',
        '}',
        '{',
        ':',
        ' ',
        '\\',
        '0',
        '9',
        '-',
        'e',
        '.',
        'null',
        '\u00e9',
      ),
      fc.uint8Array({ minLength: 1, maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
      // A part of it once more, so that names come twice.
      fc.nat(TEXT.length).map((from) => TEXT.slice(from, from + 40)),
    );
    fc.assert(
      fc.property(fc.nat(TEXT.length), fc.nat(12), piece, layout, (from, length, by, print) => {
        const text = print(EVENT);
        const damaged = Buffer.concat([
          Buffer.from(text.slice(0, from)),
          Buffer.from(by as string),
          Buffer.from(text.slice(from + length)),
        ]);
        if (isUsual(damaged.toString('latin1'))) usual += 1;
        const { quick, slow } = bothAnswers(damaged);
        expect(quick).toEqual(slow);
      }),
      RUNS,
    );
    expect(usual).toBeGreaterThan((RUNS.numRuns ?? 0) / 200);
  });

  it.each([
    ['as JSON.stringify lays it out', TEXT, true],
    ['as json.dumps lays it out', spaced(EVENT), true],
    ['with its fields in another order', JSON.stringify(reversed(EVENT)), true],
    ['with line breaks', JSON.stringify(EVENT, null, 1), false],
    ['with something behind it', `${TEXT} `, false],
    ['with a name twice', TEXT.replace('"id"', '"id":"x","id"'), false],
    ['with an escape', TEXT.replace('m-70b', 'm\\u002d70b'), false],
    ['with a number that has a sign', TEXT.replace(':300', ':-0'), false],
    ['with a zero in front', TEXT.replace(':300', ':0300'), false],
    ['with a count of sixteen digits', TEXT.replace(':300', ':1000000000000000'), false],
    ['with a name that no table has', TEXT.replace('"user"', '"usr"'), false],
    ['with an extension attribute', TEXT.replace('"id"', '"ext":"1","id"'), false],
    ['with a byte above ASCII', TEXT.replace('m-70b', 'é'), false],
    ['too old', TEXT.replace('2026-11-24', '2020-11-24'), false],
    ['without its tokens', TEXT.replace(/"tokens":\{.*?\}/, '"tokens":null'), false],
    ['cut off', TEXT.slice(0, -1), false],
  ])('%s', (_, text, expected) => {
    expect(isUsual(text)).toBe(expected);
    const { quick, slow } = bothAnswers(text);
    expect(quick).toEqual(slow);
  });
});

function reversed(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).toReversed());
}
