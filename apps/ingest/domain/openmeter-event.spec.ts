import { gate } from '#libs/events/gate.js';
import { MESSAGE, MESSAGE_DATA, MESSAGE_NOW } from '#libs/testing/usage-message.js';
import { translate } from './openmeter-event.js';

const LITELLM = {
  specversion: '1.0',
  type: 'litellm_tokens',
  id: 'chatcmpl-9',
  time: '2026-11-24T09:29:00.123456+00:00',
  subject: 'user-42',
  source: 'litellm-proxy',
  data: {
    model: 'openai/gpt-5',
    cost: 0.0012,
    prompt_tokens: 812,
    completion_tokens: 208,
    total_tokens: 1020,
  },
};

const PROMPT = {
  specversion: '1.0',
  type: 'prompt',
  id: '00001',
  time: '2026-11-24T09:29:00.001Z',
  source: 'chat-app',
  subject: 'customer-1',
  data: { tokens: '123456', model: 'gpt4-turbo', type: 'output' },
};

function through(raw: unknown, organization: string | null = 'org_acme') {
  const translated = translate(raw, { now: MESSAGE_NOW, organization });
  if ('refusal' in translated) return translated;
  return gate(Buffer.from(JSON.stringify(translated.event)), { now: MESSAGE_NOW });
}

const litellm = (data: object) => ({ ...LITELLM, data: { model: 'm', ...data } });

describe('OpenMeter event', () => {
  it('of LiteLLM counts input and output, for the end user of the key’s organization', () => {
    expect(through(LITELLM)).toMatchObject({
      event: {
        id: 'chatcmpl-9',
        source: 'litellm-proxy',
        organization: 'org_acme',
        at: MESSAGE_NOW - 60_000 + 123,
        mapped: true,
        usage: {
          model: 'openai/gpt-5',
          user: 'user-42',
          quantities: { input: 812, output: 208 },
        },
      },
    });
  });

  it('keeps the cost, the type and the doubt about the pools as extensions', () => {
    expect(translate(LITELLM, { now: MESSAGE_NOW, organization: 'org_acme' })).toMatchObject({
      event: { mbtype: 'litellm_tokens', mbcost: '0.0012', mbpoolsincomplete: 'true' },
    });
  });

  it.each([
    // event                                                           quantities
    [PROMPT, { output: 123456 }],
    [{ ...PROMPT, data: { tokens: 5, model: 'm', type: 'input' } }, { input: 5 }],
    [{ ...PROMPT, data: { tokens: 5, model: 'm', type: 'system' } }, { input: 5 }],
    [{ ...PROMPT, data: { tokens: 123, model: 'gpt4', provider: 'openai' } }, { input: 123 }],
    [
      { ...PROMPT, type: 'tokens', data: { tokens: '7', model: 'm', type: 'output' } },
      { output: 7 },
    ],
    [litellm({ prompt_tokens: '3', completion_tokens: '4' }), { input: 3, output: 4 }],
    [
      litellm({ prompt_tokens: 3, completion_tokens: null, total_tokens: 3 }),
      { input: 3, output: 0 },
    ],
  ])('of a documented type is counted: %j', (raw, quantities) => {
    expect(through(raw)).toMatchObject({ event: { usage: { quantities } } });
  });

  it('of our own type keeps its data, with numbers out of texts', () => {
    const raw = { ...MESSAGE, subject: 'u-1', data: { ...MESSAGE_DATA, tokens: { input: '300' } } };
    expect(through(raw)).toMatchObject({
      event: {
        organization: 'org_acme',
        mapped: false,
        usage: { user: 'u-1', quantities: { input: 300 } },
      },
    });
  });

  it('without a time arrives now and is told by the rest; without a zone it is in UTC', () => {
    const { time: _, ...timeless } = LITELLM;
    expect(through(timeless)).toMatchObject({ event: { at: MESSAGE_NOW, mapped: true } });
    expect(through({ ...MESSAGE, time: null })).toMatchObject({
      event: { at: MESSAGE_NOW, mapped: true },
    });
    const naive = { ...LITELLM, time: '2026-11-24T09:29:00.123456' };
    expect(through(naive)).toMatchObject({ event: { at: MESSAGE_NOW - 60_000 + 123 } });
    const spaced = { ...LITELLM, time: '2026-11-24 09:29:00' };
    expect(through(spaced)).toMatchObject({ event: { at: MESSAGE_NOW - 60_000 } });
  });

  it('takes null for an optional attribute that is not there', () => {
    const raw = { ...LITELLM, datacontenttype: null, dataschema: null, trace: null };
    expect(through(raw)).toHaveProperty('event');
  });

  it('needs a subject that is an organization when the key is bound to none', () => {
    expect(through({ ...LITELLM, subject: 'org_acme' }, null)).toMatchObject({
      event: { organization: 'org_acme', usage: { user: null } },
    });
    expect(through(LITELLM, null)).toMatchObject({
      refusal: { reason: 'invalid_value', pointer: '/subject' },
    });
  });

  it.each([
    // reason, pointer, event
    ['unknown_type', '/type', { ...LITELLM, type: 'api-calls' }],
    ['no_usage', '/data', litellm({ cost: 1 })],
    ['no_usage', '/data', { ...LITELLM, data: undefined }],
    ['no_usage', '/data', { ...PROMPT, data: { model: 'm' } }],
    ['missing_field', '/data/model', { ...PROMPT, data: { tokens: 1 } }],
    ['missing_field', '/id', { ...LITELLM, id: undefined }],
    ['invalid_quantity', '/data/prompt_tokens', litellm({ prompt_tokens: '1.5' })],
    ['invalid_quantity', '/data/prompt_tokens', litellm({ prompt_tokens: -1 })],
    ['invalid_quantity', '/data/tokens', { ...PROMPT, data: { tokens: '9007199254740993' } }],
    ['invalid_value', '/data/type', { ...PROMPT, data: { tokens: 1, model: 'm', type: 'x' } }],
    [
      'quantities_do_not_add_up',
      '/data/total_tokens',
      litellm({ prompt_tokens: 1, completion_tokens: 1, total_tokens: 3 }),
    ],
    ['invalid_cloudevent', '', []],
    ['invalid_cloudevent', '', 'x'],
    [
      'invalid_cloudevent',
      '/__proto__',
      JSON.parse(JSON.stringify(LITELLM).replace('{', '{"__proto__":{"type":"x"},')) as object,
    ],
  ])('is refused as %s at %s', (reason, pointer, raw) => {
    expect(through(raw)).toMatchObject({ refusal: { reason, pointer } });
  });

  it('of a type that the catalog maps is read as it says, before what is built in', () => {
    const mapping = {
      model: { value: 'm' },
      quantities: { output: ['units'] },
      project: null,
      user: null,
      serviceTier: null,
      adapter: null,
      poolsIncomplete: false,
    };
    const arrival = { now: 0, organization: 'org_acme', mappings: { prompt: mapping } };
    const raw = { ...PROMPT, data: { units: '7' } };
    expect(translate(raw, arrival)).toMatchObject({
      event: { mbtype: 'prompt', data: { model: 'm', tokens: { output: 7 } } },
    });
    expect(translate({ ...raw, type: 'constructor' }, arrival)).toMatchObject({
      event: { type: 'constructor' },
    });
  });
});
