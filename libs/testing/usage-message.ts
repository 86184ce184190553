// One sound usage event as a node sends it, for specs that change one thing at a time.
import { parseInstant } from '#libs/time/instant.js';

/** Now in those specs: a minute after the message's own time. */
export const MESSAGE_NOW = parseInstant('2026-11-24T09:30:00Z') as number;

export const MESSAGE_DATA = {
  model: 'llama-3.3-70b-versatile',
  tokens: { input: 300, output: 180 },
} as const;

export const MESSAGE = {
  specversion: '1.0',
  type: 'dev.meterbook.usage.v1',
  source: '//eu-1/node-17',
  id: 'req-1',
  subject: 'org_acme',
  time: '2026-11-24T09:29:00.120Z',
  data: MESSAGE_DATA,
} as const;

export const VOIDED_MESSAGE = {
  ...MESSAGE,
  type: 'dev.meterbook.usage.voided.v1',
  data: { original: { id: 'req-0' }, reason: 'sent twice' },
} as const;

/** The message with other fields in its data. */
export const withData = (part: object) => ({ ...MESSAGE, data: { ...MESSAGE_DATA, ...part } });

/** The message without one of its attributes. */
export const without = (name: string) =>
  Object.fromEntries(Object.entries(MESSAGE).filter(([key]) => key !== name));

/** The message's JSON with the input count written as given. */
export const withInput = (text: string) =>
  JSON.stringify(MESSAGE).replace('"input":300', `"input":${text}`);

/** An object of so many levels. */
export function nested(levels: number): object {
  let value: object = {};
  for (let level = 1; level < levels; level++) value = { a: value };
  return value;
}

/** The message's JSON, padded by an extension attribute to so many bytes. */
export function sized(bytes: number): string {
  const empty = JSON.stringify({ ...MESSAGE, pad: '' });
  return JSON.stringify({ ...MESSAGE, pad: 'x'.repeat(bytes - empty.length) });
}
