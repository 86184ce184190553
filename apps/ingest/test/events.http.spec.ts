import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { MESSAGE, withData } from '#libs/testing/usage-message.js';
import { type Body, EventsStand, lines, messages } from './events-stand.js';

const PATH = '/v1/events';
const ONE = { 'content-type': 'application/cloudevents+json' };
const BATCH = { 'content-type': 'application/cloudevents-batch+json' };
const LINES = { 'content-type': 'application/x-ndjson' };
const GZIP = { 'content-encoding': 'gzip' };

let stand: EventsStand;

beforeAll(async () => {
  stand = await EventsStand.start();
});

afterAll(async () => {
  await stand.stop();
});

/** How many records the log has more after it. */
async function growth(send: () => Promise<unknown>): Promise<number> {
  const before = await stand.logged();
  await send();
  return (await stand.logged()).length - before.length;
}

const json = (value: unknown) => JSON.stringify(value);

describe('POST /v1/events', () => {
  it.each<[string, Record<string, string>, Body, number]>([
    ['one event', ONE, json(MESSAGE), 1],
    [
      'parameters of the media type',
      { 'content-type': 'application/cloudevents+json; charset=UTF-8' },
      json(MESSAGE),
      1,
    ],
    ['a batch', BATCH, json(messages('a', 'b')), 2],
    ['an empty batch', BATCH, '[]', 0],
    ['lines', LINES, lines(...messages('a', 'b')), 2],
    ['lines with blanks and carriage returns', LINES, `\r\n${lines(MESSAGE)}\r\n\r\n`, 1],
    ['gzip', { ...LINES, ...GZIP }, gzipSync(lines(...messages('a', 'b', 'c'))), 3],
  ])('takes %s', async (_case, headers, body, accepted) => {
    const answer = await stand.post(PATH, body, headers);
    expect(answer.body).toMatchObject({ accepted, rejected: [] });
    expect(answer.status).toBe(202);
  });

  it('takes binary mode with percent-encoded attributes and leaves the data as it was', async () => {
    const data = '{"model":"m","tokens":{"input":1e3}}';
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'ce-specversion': '1.0',
      'ce-type': MESSAGE.type,
      'ce-source': '//eu-1/Zo%C3%AB',
      'ce-id': 'binary-1',
      'ce-subject': 'org_acme',
      'ce-time': MESSAGE.time,
      'ce-sequence': '0007',
    };
    const added = await growth(async () => {
      expect((await stand.post(PATH, data, headers)).status).toBe(202);
    });
    const record = (await stand.logged()).find((value) => value.includes('binary-1')) ?? '';
    expect(added).toBe(1);
    expect(record).toContain(`"data":${data}}`);
    expect(JSON.parse(record)).toMatchObject({ source: '//eu-1/Zoë', sequence: '0007' });
  });

  it('refuses binary data that would write attributes of its own', async () => {
    const headers = { 'content-type': 'application/json', 'ce-id': 'x', 'ce-specversion': '1.0' };
    const answer = await stand.post(PATH, '{"a":1},"subject":"org_other"', headers);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ rejected: [{ reason: 'invalid_json' }] });
  });

  it('logs the client’s own bytes, element by element', async () => {
    const first = `{ "id" :"own-1",${json(MESSAGE).slice(1).replace('"id":"req-1",', '')}`;
    const second = first.replace('own-1', 'own-2').replace('300', '3.0e2');
    await stand.post(PATH, `[ ${first} ,\n${second}]`, BATCH);
    await stand.post(PATH, `${first.replace('own-1', 'own-3')}\r\n`, LINES);
    const logged = await stand.logged();
    expect(logged).toContain(first);
    expect(logged).toContain(second);
    expect(logged).toContain(first.replace('own-1', 'own-3'));
  });

  it('answers the offset after the last record of each partition', async () => {
    const orgs = ['org_a', 'org_b', 'org_c', 'org_d'];
    const body = json(orgs.map((subject) => ({ ...MESSAGE, subject })));
    const { body: answer } = await stand.post(PATH, body, BATCH);
    const marks = await stand.log.watermarks('usage.recorded');
    const positions = answer['positions'] as Record<string, number>;
    expect(Object.keys(positions).length).toBeGreaterThan(1);
    for (const [partition, next] of Object.entries(positions))
      expect(marks[Number(partition)]?.high).toBe(next);
  });

  it('never lets a hostile item cost its neighbours', async () => {
    const hostile = ['{', '[[[[', '"', '', 'null', '{"__proto__":{"id":"x"}}', '\u0000'];
    const body = lines(
      json({ ...MESSAGE, id: 'good-1' }),
      ...hostile,
      json({ ...MESSAGE, pad: 'x'.repeat(16_384) }),
      json({ ...MESSAGE, id: 'good-2' }),
    );
    const answer = await stand.post(PATH, body, LINES);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ accepted: 2 });
    expect(
      (answer.body['rejected'] as { index: number; reason: string }[]).map(
        ({ index, reason }) => `${index} ${reason}`,
      ),
    ).toEqual([
      '1 invalid_json',
      '2 invalid_json',
      '3 invalid_json',
      '4 invalid_cloudevent',
      '5 missing_field',
      '6 invalid_json',
      '7 event_too_large',
    ]);
    const logged = await stand.logged();
    for (const id of ['good-1', 'good-2'])
      expect(logged.some((value) => value.includes(id))).toBe(true);
  });

  it('names each refused item and answers 202 when only some are', async () => {
    const body = json([MESSAGE, { ...MESSAGE, id: 'old', time: '2026-09-01T00:00:00Z' }]);
    const answer = await stand.post(PATH, body, BATCH);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({
      accepted: 1,
      rejected: [
        {
          index: 1,
          id: 'old',
          reason: 'too_old',
          pointer: '/time',
          detail: '2026-09-01T00:00:00Z is before 2026-10-20T09:30:00Z',
        },
      ],
    });
  });

  it('answers 400 with the same list when nothing was acceptable', async () => {
    const answer = await stand.post(PATH, json(withData({ model: '' })), ONE);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toMatchObject({
      type: 'urn:meterbook:problem:nothing_accepted',
      code: 'nothing_accepted',
      status: 400,
      accepted: 0,
      errors: [{ pointer: '/data/model', code: 'invalid_value' }],
      rejected: [{ index: 0, id: 'req-1', reason: 'invalid_value', pointer: '/data/model' }],
    });
  });

  it.each(['{', '[{"a":1},', '[1 2]', json(MESSAGE), `[${json(MESSAGE)},{]`])(
    'takes nothing of the batch %s',
    async (body) => {
      const added = await growth(async () => {
        const answer = await stand.post(PATH, body, BATCH);
        expect(answer.status).toBe(400);
        expect(answer.body).toMatchObject({ code: 'invalid_json' });
      });
      expect(added).toBe(0);
    },
  );

  it('lets a bound key send only for its own organization', async () => {
    const authorization = `Bearer ${stand.key('usage:write', 'org_acme')}`;
    const body = lines(MESSAGE, { ...MESSAGE, subject: 'org_other' });
    const answer = await stand.post(PATH, body, { ...LINES, authorization });
    expect(answer.body).toMatchObject({
      accepted: 1,
      rejected: [{ index: 1, reason: 'not_allowed', pointer: '/subject' }],
    });
  });

  it('answers 401 without a key and 403 without the scope, before it reads the body', async () => {
    const body = json(MESSAGE);
    const without = await stand.ask(PATH, { method: 'POST', body, headers: ONE });
    expect(without.status).toBe(401);
    const authorization = `Bearer ${stand.key('usage:read', null)}`;
    const reader = await stand.post(PATH, body, { ...ONE, authorization });
    expect(reader.status).toBe(403);
  });

  it.each<[string, number, Record<string, string>, () => Body]>([
    ['another media type', 415, { 'content-type': 'text/plain' }, () => json(MESSAGE)],
    ['JSON without ce- headers', 415, { 'content-type': 'application/json' }, () => json(MESSAGE)],
    ['another encoding', 415, { ...ONE, 'content-encoding': 'br' }, () => json(MESSAGE)],
    ['broken gzip', 400, { ...LINES, ...GZIP }, () => gzipSync(json(MESSAGE)).subarray(0, 20)],
    ['a bomb', 413, { ...LINES, ...GZIP }, () => gzipSync(Buffer.alloc(30_000_000, 10))],
    ['more than 50 MiB', 413, { ...LINES, ...GZIP }, () => gzipSync(fluffy(53_000_000))],
    ['5 MiB and a byte', 413, LINES, () => Buffer.alloc(5 * 1_048_576 + 1, 10)],
    ['a stream of 6 MiB', 413, LINES, () => streamOf(6)],
    ['10,001 lines', 413, LINES, () => '1\n'.repeat(10_001)],
    ['10,001 elements', 413, BATCH, () => json(Array.from({ length: 10_001 }, () => 1))],
  ])('refuses %s with %i and a body', async (_case, status, headers, body) => {
    const answer = await stand.post(PATH, body(), headers);
    expect(answer.body).toMatchObject({ status, title: expect.any(String) as string });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  it('takes exactly 5 MiB and exactly 10,000 lines', async () => {
    const padded = Buffer.alloc(5 * 1_048_576, 10);
    padded.write(json(MESSAGE));
    expect(await stand.post(PATH, padded, LINES)).toMatchObject({ status: 202 });
    expect(await stand.post(PATH, streamOf(5), LINES)).toMatchObject({ status: 202 });
    const many = await stand.post(PATH, `${json(MESSAGE)}\n1\n`.repeat(5_000), LINES);
    expect(many.body).toMatchObject({ accepted: 5_000 });
  });

  it('claims nothing when the log is away, and takes the same events when it is back', async () => {
    stand.log.available(false);
    const away = await stand.post(PATH, lines(...messages('late-1', 'late-2')), LINES);
    stand.log.available(true);
    expect(away.status).toBe(503);
    expect(away.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(away.body).not.toHaveProperty('accepted');
    expect((await stand.logged()).some((value) => value.includes('late-1'))).toBe(false);
    const back = await stand.post(PATH, lines(...messages('late-1', 'late-2')), LINES);
    expect(back).toMatchObject({ status: 202, body: { accepted: 2 } });
  });

  it('counts what it refused by reason', async () => {
    await stand.post(PATH, json({ ...MESSAGE, type: 'com.other' }), ONE);
    const metrics = await stand.metrics.registry.metrics();
    expect(metrics).toMatch(/meterbook_events_refused_total\{reason="unknown_type".*\} 1/);
  });
});

/** So many MiB of blank lines, chunk by chunk and without a length. */
function streamOf(mebibytes: number): ReadableStream<Uint8Array> {
  let left = mebibytes * 16;
  return new ReadableStream({
    pull(controller) {
      if (left-- > 0) controller.enqueue(new Uint8Array(65_536).fill(10));
      else controller.close();
    },
  });
}

/** Bytes that compress about ten to one. */
function fluffy(bytes: number): Buffer {
  const block = Buffer.concat([randomBytes(1_000), Buffer.alloc(12_000, 10)]);
  return Buffer.concat(Array.from({ length: Math.ceil(bytes / block.length) }, () => block));
}
