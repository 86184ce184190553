import * as sample from '../testing/usage-message.js';
import { gate } from './gate.js';
import { DOOR_REASONS } from './rejection.js';

const { MESSAGE, VOIDED_MESSAGE, withData, without } = sample;

const NAMES = 'anthropic, bedrock, cohere, deepseek, gemini, groq, litellm, mistral, ollama';
const TEXT = 'must be a text of 1 to 256 characters without control characters, not';
const EXTENSION = 'must be an extension attribute: a-z and 0-9 in its name, a scalar as its value';
const OURS =
  'dev.meterbook.usage.v1, dev.meterbook.usage.voided.v1, dev.meterbook.usage.corrected.v1';

const usage = (object: object, format?: string) =>
  withData({ tokens: null, usage: object, usage_format: format });
const withUsage = (value: unknown) => withData({ tokens: null, usage: value });
const voided = (data: object) => ({ ...VOIDED_MESSAGE, data });
const raw = (from: string, to: string) => JSON.stringify(MESSAGE).replace(from, to);

// reason, pointer, detail, event
const REFUSED: readonly (readonly [string, string, string, unknown])[] = [
  ['invalid_json', '', 'the event is not JSON', '{"specversion":'],
  ['invalid_json', '', 'the event is not JSON', ''],
  ['invalid_json', '/data_base64', 'holds no JSON', { ...without('data'), data_base64: 'e3t7' }],
  ['invalid_cloudevent', '', 'must be an object, not an array', []],
  ['invalid_cloudevent', '', 'must be an object, not 7', 7],
  ['invalid_cloudevent', '', 'must be an object, not null', null],
  ['invalid_cloudevent', '/specversion', '"1.0", not "0.3"', { ...MESSAGE, specversion: '0.3' }],
  ['invalid_cloudevent', '/Trace', `"Trace" ${EXTENSION}`, { ...MESSAGE, Trace: 'x' }],
  ['invalid_cloudevent', '/trace', `"trace" ${EXTENSION}`, { ...MESSAGE, trace: {} }],
  ['invalid_cloudevent', '/a~1b', `"a/b" ${EXTENSION}`, { ...MESSAGE, 'a/b': 1 }],
  ['invalid_cloudevent', '/__proto__', EXTENSION, raw('{', '{"__proto__":1,')],
  ['invalid_cloudevent', '/datacontenttype', 'JSON', { ...MESSAGE, datacontenttype: 'text/plain' }],
  ['invalid_cloudevent', '/data_base64', 'both there', { ...MESSAGE, data_base64: 'e30=' }],
  ['invalid_cloudevent', '/data_base64', 'base64 text', { ...without('data'), data_base64: '*' }],
  ['unknown_type', '/type', `one of ${OURS}, not "com.x"`, { ...MESSAGE, type: 'com.x' }],
  ['unknown_type', '/type', 'not "constructor"', { ...MESSAGE, type: 'constructor' }],
  ['unknown_field', '/data/prompt', 'data.prompt is not a field', withData({ prompt: 'secret' })],
  ['unknown_field', '/data/tokens/thought', 'not a field', withData({ tokens: { thought: 1 } })],
  ['unknown_field', '/data/__proto__', 'not a field', raw('"model"', '"__proto__":{},"model"')],
  ['unknown_field', '/data/model', 'not a field', voided({ ...VOIDED_MESSAGE.data, model: 'm' })],
  ['missing_field', '/specversion', 'specversion is missing', without('specversion')],
  ['missing_field', '/id', 'id is missing', without('id')],
  ['missing_field', '/source', 'source is missing', without('source')],
  ['missing_field', '/type', 'type is missing', without('type')],
  ['missing_field', '/subject', 'subject is missing', without('subject')],
  ['missing_field', '/time', 'time is missing', { ...MESSAGE, time: null }],
  ['missing_field', '/data', 'data is missing', without('data')],
  ['missing_field', '/data/model', 'data.model is missing', withData({ model: null })],
  ['missing_field', '/data/reason', 'is missing', voided({ original: { id: 'a' } })],
  ['missing_field', '/data/original/id', 'is missing', voided({ original: {}, reason: 'r' })],
  ['invalid_value', '/id', `id ${TEXT} ""`, { ...MESSAGE, id: '' }],
  ['invalid_value', '/id', TEXT, { ...MESSAGE, id: 'x'.repeat(257) }],
  ['invalid_value', '/id', `id ${TEXT} "\\ud800"`, { ...MESSAGE, id: '\ud800' }],
  ['invalid_value', '/id', `id ${TEXT} 7`, { ...MESSAGE, id: 7 }],
  ['invalid_value', '/source', `source ${TEXT} "a\\nb"`, { ...MESSAGE, source: 'a\nb' }],
  ['invalid_value', '/subject', 'the organization: org_', { ...MESSAGE, subject: 'acme' }],
  ['invalid_value', '/sequence', '1 to 18 digits, not 4711', { ...MESSAGE, sequence: 4711 }],
  ['invalid_value', '/data', 'data must be an object, not "x"', { ...MESSAGE, data: 'x' }],
  ['invalid_value', '/data/service_tier', 'performance, not "x"', withData({ service_tier: 'x' })],
  ['invalid_value', '/data/status', 'failed, not "x"', withData({ status: 'x' })],
  ['invalid_value', '/data/user', `data.user ${TEXT} ""`, withData({ user: '' })],
  ['invalid_value', '/data/tokens', 'must be an object, not 5', withData({ tokens: 5 })],
  ['invalid_value', '/data/usage', "usage object, or an array of a stream's, not 7", withUsage(7)],
  ['invalid_value', '/data/usage/1', 'must be an object, or null', usage([{}, 7])],
  ['invalid_value', '/data/usage', 'nested deeper than 16', usage(sample.nested(15))],
  ['invalid_time', '/time', 'RFC 3339 instant, not "noon"', { ...MESSAGE, time: 'noon' }],
  ['invalid_time', '/time', 'RFC 3339 instant, not 5', { ...MESSAGE, time: 5 }],
  ['invalid_time', '/time', 'not "2026-11-31', { ...MESSAGE, time: '2026-11-31T00:00:00.000Z' }],
  [
    'too_old',
    '/time',
    '2026-10-20T09:29:59.999Z is before 2026-10-20T09:30:00Z',
    { ...MESSAGE, time: '2026-10-20T09:29:59.999Z' },
  ],
  [
    'too_old',
    '/id',
    'made at 2025-09-26T18:19:03.552Z, before 2026-10-20T09:30:00Z',
    { ...MESSAGE, id: '01998740-0400-7000-8000-000000000000' },
  ],
  [
    'in_the_future',
    '/time',
    '2026-11-24T09:35:00.001Z is after 2026-11-24T09:35:00Z',
    { ...MESSAGE, time: '2026-11-24T09:35:00.001Z' },
  ],
  ['invalid_quantity', '/data/tokens/input', '9007199254740991, not -1', sample.withInput('-1')],
  ['invalid_quantity', '/data/audio_ms', 'whole number', withData({ audio_ms: 1.5 })],
  ['invalid_quantity', '/data/usage/prompt_tokens', 'whole number', usage({ prompt_tokens: -1 })],
  [
    'quantities_do_not_add_up',
    '/data/usage/total_tokens',
    'data.usage.total_tokens is 5, its parts are 3',
    usage({ prompt_tokens: 1, completion_tokens: 2, total_tokens: 5 }),
  ],
  ['ambiguous_usage', '/data/usage', 'both', withData({ usage: { prompt_tokens: 1 } })],
  ['ambiguous_usage', '/data/usage', 'usage_format', usage({ input_tokens: 1, output_tokens: 2 })],
  ['ambiguous_usage', '/data/usage_format', 'which is absent', withData({ usage_format: 'groq' })],
  ['unknown_usage_format', '/data/usage_format', `"x" is not one of ${NAMES}`, usage({}, 'x')],
  ['unknown_usage_format', '/data/usage', 'a shape that is not known', usage({ spent: 1 })],
  ['no_usage', '/data', 'neither tokens nor usage', { ...MESSAGE, data: { model: 'm' } }],
  ['no_usage', '/data/tokens', 'names no pool', withData({ tokens: {} })],
  ['no_usage', '/data/usage', 'is empty', usage({})],
  ['no_usage', '/data/usage', 'no chunk with usage', usage([null])],
  ['event_too_large', '', 'has 16385 bytes, at most 16384', sample.sized(16_385)],
];

describe('refusal', () => {
  it.each(REFUSED)('%s %s: %s', (reason, pointer, detail, event) => {
    const text = typeof event === 'string' ? event : JSON.stringify(event);
    const result = gate(Buffer.from(text), { now: sample.MESSAGE_NOW });
    expect(result).toMatchObject({ refusal: { reason, pointer } });
    expect(result).toHaveProperty('refusal.detail', expect.stringContaining(detail));
  });

  it('has a case for every reason but the door’s own', () => {
    const covered = new Set(REFUSED.map(([reason]) => reason));
    expect(DOOR_REASONS.filter((reason) => !covered.has(reason))).toEqual(['not_allowed']);
  });

  it('names the event when its id can be read', () => {
    const refused = (text: string) => gate(Buffer.from(text), { now: sample.MESSAGE_NOW });
    expect(refused(JSON.stringify(withData({ model: '' })))).toHaveProperty('refusal.id', 'req-1');
    expect(refused('[]')).toHaveProperty('refusal.id', null);
    expect(refused('{"id":7}')).toHaveProperty('refusal.id', null);
  });
});
