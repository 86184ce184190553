// The doors' part of the OpenAPI document, and that real answers have the fields that it tells.
import { openApiFaults } from '#libs/http/test/openapi-check.js';
import { MESSAGE } from '#libs/testing/usage-message.js';
import { EventsStand } from './events-stand.js';

type Node = Record<string, unknown>;
interface Document extends Node {
  readonly paths: Record<string, Record<string, Node>>;
  readonly components: { readonly schemas: Record<string, Node> };
}

const ONE = { 'content-type': 'application/cloudevents+json' };
const fieldsOf = (node: unknown): string[] => Object.keys(node as object).toSorted();

describe('the OpenAPI document of ingest', () => {
  let stand: EventsStand;
  let document: Document;

  beforeAll(async () => {
    stand = await EventsStand.start();
    document = (await stand.ask('/openapi.json')).body as Document;
  });
  afterAll(async () => stand.stop());

  it('leads nowhere astray', () => {
    expect(openApiFaults(document)).toEqual([]);
  });

  it.each([
    [
      '/v1/events',
      [
        'application/cloudevents+json',
        'application/cloudevents-batch+json',
        'application/x-ndjson',
        'application/json',
      ],
      ['202', '400', 'default'],
    ],
    [
      '/api/v1/events',
      ['application/cloudevents+json', 'application/cloudevents-batch+json', 'application/json'],
      ['204', '400', 'default'],
    ],
    ['/v1/catalog', ['application/json', 'application/yaml'], ['200', '201', 'default']],
  ])('tells what %s takes and answers', (path, media, statuses) => {
    const { requestBody, responses } = document.paths[path]!['post']!;
    expect(Object.keys((requestBody as { content: object }).content)).toEqual(media);
    expect(Object.keys(responses as object)).toEqual(statuses);
  });

  it('tells the event once, by its three types, in words and without the gate’s own patterns', () => {
    const { UsageEvent, UsageRecorded, UsageVoided } = document.components.schemas;
    const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
    expect(UsageEvent!['oneOf']).toEqual(
      ['UsageRecorded', 'UsageVoided', 'UsageCorrected'].map(ref),
    );
    expect(UsageRecorded).toMatchObject({
      required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'data'],
      properties: {
        type: { const: 'dev.meterbook.usage.v1', description: 'Must be dev.meterbook.usage.v1' },
        id: { type: 'string', minLength: 1, maxLength: 256 },
        subject: { pattern: '^org_[a-z0-9_-]{1,60}$' },
      },
    });
    expect(UsageVoided).toMatchObject({
      properties: { data: { properties: { reason: { minLength: 1, maxLength: 1_000 } } } },
    });
    const text = JSON.stringify(document);
    expect([text.includes('ud800'), text.includes('"rule"')]).toEqual([false, false]);
  });

  it.each([
    ['accepted', MESSAGE, 202, 'application/json'],
    ['refused', { ...MESSAGE, id: '' }, 400, 'application/problem+json'],
  ])('tells every field of the answer to an event that is %s', async (_, event, status, media) => {
    const answer = await stand.post('/v1/events', JSON.stringify(event), ONE);
    expect(answer.status).toBe(status);
    const { EventsTaken, Problem, RejectedItem } = document.components.schemas;
    const told = { ...(EventsTaken!['properties'] as object) };
    if (status === 400) Object.assign(told, Problem!['properties']);
    expect(fieldsOf(told)).toEqual(expect.arrayContaining(fieldsOf(answer.body)));
    for (const item of answer.body['rejected'] as object[])
      expect(fieldsOf(RejectedItem!['properties'])).toEqual(fieldsOf(item));
    const { responses } = document.paths['/v1/events']!['post']!;
    expect(responses).toMatchObject({ [status]: { content: { [media]: {} } } });
  });
});
