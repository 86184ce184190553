// What cuts and translates the bodies of both doors, under any bytes and any JSON.
import fc from 'fast-check';
import { UNEXPLAINED } from '#libs/events/gate-refusal.js';
import { gate } from '#libs/events/gate.js';
import { DOOR_REASONS } from '#libs/events/rejection.js';
import { MESSAGE_NOW } from '#libs/testing/usage-message.js';
import { translate, type Translated } from './openmeter-event.js';
import { splitArray } from './split-array.js';
import { splitLines } from './split-lines.js';

/** 10^4 in CI; FUZZ_RUNS=1000000 FUZZ_SEED=1 for a long run that can be run again. */
const seed = process.env['FUZZ_SEED'];
const RUNS = {
  numRuns: Number(process.env['FUZZ_RUNS'] ?? 10_000),
  ...(seed !== undefined && { seed: Number(seed) }),
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const ANSWERS: readonly string[] = ['event', ...DOOR_REASONS];

/** What the door makes of a translated event: `event` for one of the key's organization, else the reason of the refusal. */
function answer(translated: Translated): string {
  if ('refusal' in translated) return translated.refusal.reason;
  const gated = gate(Buffer.from(JSON.stringify(translated.event)), { now: MESSAGE_NOW });
  if ('event' in gated) return gated.event.organization === 'org_acme' ? 'event' : 'another';
  return gated.refusal.detail === UNEXPLAINED.detail ? 'unexplained' : gated.refusal.reason;
}

const blanks = fc.stringMatching(/^[ \t\r\n]{0,3}$/);

describe('an array that is cut', () => {
  it('has the elements that it has parsed, whatever stands between them', () => {
    const items = fc.array(fc.tuple(blanks, fc.jsonValue({ maxDepth: 2 }), blanks), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(items, blanks, (elements, around) => {
        const texts = elements.map(([left, value, right]) => left + JSON.stringify(value) + right);
        const body = `${around}[${texts.join()}]${around}`;
        const cut = splitArray(Buffer.from(body), 100) ?? [];
        const values = cut.map((item) => parsed(item.toString()));
        expect(JSON.stringify(values)).toBe(JSON.stringify(parsed(body)));
      }),
      RUNS,
    );
  });

  it('is JSON when every element of it is, and only then, whatever its bytes are', () => {
    const signs = fc.constantFrom(...'[ ] { } , : " \\ 1 a t \n'.split(' '), ' ');
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 24 }), (inside) => {
        const body = `[${inside.join('')}]`;
        const cut = splitArray(Buffer.from(body), 100);
        const isSound = cut?.every((item) => parsed(item.toString()) !== undefined) ?? false;
        expect(isSound).toBe(parsed(body) !== undefined);
      }),
      RUNS,
    );
  });
});

describe('lines that are cut', () => {
  it('are what stands between line feeds, without blanks, whatever their bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const lines = splitLines(Buffer.from(bytes), 1_000).map((line) => line.toString('latin1'));
        const text = Buffer.from(bytes).toString('latin1').split('\n');
        const trimmed = text.map((line) => line.replaceAll(/^[ \t\r]+|[ \t\r]+$/g, ''));
        expect(lines).toEqual(trimmed.filter((line) => line !== ''));
      }),
      RUNS,
    );
  });
});

describe('an event of OpenMeter', () => {
  it('is translated or refused with a reason, whatever it is', () => {
    const names = 'id source type subject time specversion data model tokens prompt_tokens'.split(
      ' ',
    );
    const data = fc.dictionary(
      fc.constantFrom(...names, 'completion_tokens', 'total_tokens', 'cost', '__proto__'),
      fc.jsonValue(),
    );
    const event = fc.record(
      {
        id: fc.jsonValue(),
        source: fc.jsonValue(),
        type: fc.constantFrom('litellm_tokens', 'prompt', 'tokens', 'ai-tokens', 'x', 'toString'),
        subject: fc.jsonValue(),
        time: fc.oneof(fc.jsonValue(), fc.constant('2026-11-24T09:29:00')),
        data: fc.oneof(data, fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    const doorkeeper = { now: MESSAGE_NOW, organization: 'org_acme' };
    fc.assert(
      fc.property(fc.oneof(event, fc.jsonValue()), (raw) => {
        expect(ANSWERS).toContain(answer(translate(raw, doorkeeper)));
      }),
      RUNS,
    );
  });
});
