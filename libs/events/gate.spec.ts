import * as sample from '../testing/usage-message.js';
import { parseInstant } from '../time/instant.js';
import { gate, MAX_EVENT_BYTES, type Gated } from './gate.js';

const { MESSAGE, MESSAGE_DATA, VOIDED_MESSAGE, withData, withInput, without } = sample;
const NOW = sample.MESSAGE_NOW;

function gated(event: unknown): Gated {
  const text = typeof event === 'string' ? event : JSON.stringify(event);
  return gate(Buffer.from(text), { now: NOW });
}

function accepted(event: unknown) {
  const result = gated(event);
  if ('refusal' in result) throw new Error(JSON.stringify(result.refusal));
  return result.event;
}

function reason(event: unknown): string {
  const result = gated(event);
  return 'event' in result ? 'accepted' : `${result.refusal.reason} ${result.refusal.pointer}`;
}

describe('gate', () => {
  it('reads every field of a full event', () => {
    const event = accepted({
      ...MESSAGE,
      sequence: '00000000000000004711',
      datacontenttype: 'application/json; charset=utf-8',
      traceparent: '00-ab',
      data: {
        ...MESSAGE_DATA,
        project: 'chat',
        api_key: 'key_7Q',
        service_tier: 'flex',
        adapter: 'lora-1',
        reservation: 'rsv_1',
        user: 'Zoë 🙂',
        status: 'aborted',
        searches: 2,
      },
    });
    expect(event).toEqual({
      kind: 'recorded',
      id: 'req-1',
      source: '//eu-1/node-17',
      organization: 'org_acme',
      at: parseInstant('2026-11-24T09:29:00.120Z'),
      sequence: 4711n,
      reservation: 'rsv_1',
      mapped: false,
      original: null,
      usage: {
        model: 'llama-3.3-70b-versatile',
        project: 'chat',
        apiKey: 'key_7Q',
        serviceTier: 'flex',
        adapter: 'lora-1',
        user: 'Zoë 🙂',
        status: 'aborted',
        quantities: { input: 300, output: 180, searches: 2 },
      },
    });
  });

  it('leaves unset names null and takes on_demand and completed as said', () => {
    expect(accepted(withData({ project: null, service_tier: null })).usage).toEqual({
      model: 'llama-3.3-70b-versatile',
      project: null,
      apiKey: null,
      serviceTier: 'on_demand',
      adapter: null,
      user: null,
      status: 'completed',
      quantities: { input: 300, output: 180 },
    });
  });

  it('reads corrections, whose original is of their own source unless they say another', () => {
    expect(accepted(VOIDED_MESSAGE)).toMatchObject({
      kind: 'voided',
      usage: null,
      original: { id: 'req-0', source: '//eu-1/node-17', reason: 'sent twice' },
    });
    const original = { id: 'req-0', source: '//eu-1/node-3' };
    const corrected = {
      ...withData({ original, reason: 'wrong model' }),
      type: 'dev.meterbook.usage.corrected.v1',
    };
    expect(accepted(corrected)).toMatchObject({
      kind: 'corrected',
      usage: { quantities: { input: 300, output: 180 } },
      original: { ...original, reason: 'wrong model' },
    });
  });

  it('reads data_base64, and a repeated name by its last value', () => {
    const packed = Buffer.from(JSON.stringify(MESSAGE_DATA)).toString('base64');
    const event = accepted({ ...without('data'), data_base64: packed });
    expect(event.usage?.quantities).toEqual({ input: 300, output: 180 });
    expect(accepted(withInput('300,"input":7')).usage?.quantities.input).toBe(7);
  });

  it.each([
    // as written              why
    ['-1', 'negative'],
    ['1.5', 'fractional'],
    ['"300"', 'a string'],
    ['null', 'null'],
    ['true', 'a boolean'],
    ['9007199254740992', '2^53'],
    ['9007199254740993', 'rounded by JSON.parse'],
    ['9007199254740990.6', 'a fraction that JSON.parse drops'],
    ['2251799813685248.3e0', 'a fraction with an exponent'],
    ['1e400', 'infinite'],
  ])('refuses the quantity %s: %s', (text) => {
    expect(reason(withInput(text))).toBe('invalid_quantity /data/tokens/input');
  });

  it('never shows a number that was rounded when it was read', () => {
    const result = gated(withInput('9007199254740993'));
    expect(JSON.stringify(result)).toContain('not a number beyond 2^53');
  });

  it('checks the digits inside data_base64 and provider objects as well', () => {
    const packed = Buffer.from('{"model":"m","tokens":{"input":9007199254740990.6}}');
    const event = { ...without('data'), data_base64: packed.toString('base64') };
    expect(reason(event)).toBe('invalid_quantity /data/tokens/input');
    const usage = withData({ tokens: null, usage: { prompt_tokens: 7 } });
    const text = JSON.stringify(usage).replace(':7', ':9007199254740990.6');
    expect(reason(text)).toBe('invalid_quantity /data/usage/prompt_tokens');
  });

  it.each([
    // as written             units
    ['0', 0],
    ['1e3', 1000],
    ['1.0', 1],
    ['9007199254740991', 9007199254740991],
    ['9007199254740991.0', 9007199254740991],
    ['9.007199254740991e15', 9007199254740991],
    ['90071992547409910e-1', 9007199254740991],
  ])('takes the quantity %s', (text, units) => {
    expect(accepted(withInput(text)).usage?.quantities.input).toBe(units);
  });

  it('takes 16 KiB, 16 levels and both ends of the window', () => {
    expect(reason(sample.sized(MAX_EVENT_BYTES))).toBe('accepted');
    const deep = { prompt_tokens: 1, extra: sample.nested(13) };
    expect(reason(withData({ tokens: null, usage: deep }))).toBe('accepted');
    expect(reason({ ...MESSAGE, time: '2026-10-20T09:30:00Z' })).toBe('accepted');
    expect(reason({ ...MESSAGE, time: '2026-11-24T11:35:00+02:00' })).toBe('accepted');
  });

  it('widens the window by the slack, so that a reader takes what the door took', () => {
    const late = Buffer.from(JSON.stringify({ ...MESSAGE, time: '2026-10-20T09:29:00Z' }));
    expect(gate(late, { now: NOW })).toHaveProperty('refusal');
    expect(gate(late, { now: NOW, slackMs: 60_000 })).toHaveProperty('event');
    const window = { pastMs: 60_000_000_000, futureMs: 0 };
    expect(gate(late, { now: NOW, window })).toHaveProperty('event');
  });

  it('refuses bytes that are not UTF-8, but takes the replacement character as itself', () => {
    const bytes = Buffer.from(JSON.stringify({ ...MESSAGE, id: 'req-?' }));
    bytes[bytes.indexOf('?')] = 0xff;
    expect(gate(bytes, { now: NOW })).toHaveProperty('refusal.reason', 'invalid_json');
    expect(accepted({ ...MESSAGE, id: 'req-\ufffd' }).id).toBe('req-\ufffd');
  });

  it('marks what the OpenMeter door mapped', () => {
    expect(accepted({ ...MESSAGE, mbmapped: 'true' }).mapped).toBe(true);
  });

  it('does not throw on a large fraction beside a large count', () => {
    const usage = { prompt_tokens: 2 ** 50, cost: 2 ** 51 + 0.5 };
    const bytes = Buffer.from(JSON.stringify(sample.withData({ tokens: null, usage })));
    expect(gate(bytes, { now: sample.MESSAGE_NOW })).toHaveProperty(
      'event.usage.quantities.input',
      2 ** 50,
    );
  });
});
