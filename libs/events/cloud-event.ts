// CloudEvents 1.0 as JSON: which names its attributes have, and how the binary mode's parts become one structured event.

/** The attributes that the specification or our schema names; every other top-level name is an extension. */
export const ATTRIBUTES: ReadonlySet<string> = new Set([
  'specversion',
  'id',
  'source',
  'type',
  'subject',
  'time',
  'datacontenttype',
  'dataschema',
  'sequence',
  'data',
  'data_base64',
]);

/** Set on an event that the OpenMeter door made out of another vendor's: its repeats are told without their time. */
export const MAPPED_ATTRIBUTE = 'mbmapped';

const EXTENSION = /^[a-z0-9]{1,64}$/;

/** The first top-level name that may not be there, or whose value no attribute can have; undefined when there is none. */
export function badExtension(event: Readonly<Record<string, unknown>>): string | undefined {
  for (const name in event) {
    if (ATTRIBUTES.has(name)) continue;
    const value = event[name];
    if (!EXTENSION.test(name) || (typeof value === 'object' && value !== null)) return name;
  }
  return undefined;
}

/**
 * Binary mode → structured mode without touching a digit of the data: the attributes are written, the data's own bytes go
 * between them. `data` must already be known to be one JSON value, else it could break out of its place.
 */
export function structured(
  attributes: Readonly<Record<string, unknown>>,
  data: Buffer | null,
): Buffer {
  const head = JSON.stringify(attributes);
  if (!data) return Buffer.from(head);
  const open = head === '{}' ? '{"data":' : `${head.slice(0, -1)},"data":`;
  return Buffer.concat([Buffer.from(open), data, Buffer.from('}')]);
}
