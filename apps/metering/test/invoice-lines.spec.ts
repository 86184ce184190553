import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InvoiceLines } from '../store/invoice-lines.js';

const POSITION = { topic: 'usage.recorded', partition: 3, offset: 18 } as const;
const DELTA = {
  at: Date.UTC(2026, 10, 16, 12),
  model: 'm',
  project: 'p',
  apiKey: null,
  serviceTier: 'batch',
  adapter: null,
  user: 'u',
  requests: 1,
  quantities: { input: 5, output: 2 },
} as const;
const LINE = { number: 'MB-2026-000001', line: 2, kind: 'usage', pool: 'input', quantity: 5 };

describe('the lines of an event, asked of invoicing', () => {
  let server: Server;
  let url: string;
  let asked: unknown[];
  let answer: { status: number; body: string };

  beforeAll(async () => {
    server = createServer((request, reply) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        asked.push([request.method, request.url, request.headers.authorization, JSON.parse(body)]);
        reply.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    asked = [];
    answer = { status: 200, body: JSON.stringify({ data: [LINE] }) };
  });
  afterAll(async () => {
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });

  it('are asked for by place and usage, without what prices nothing', async () => {
    const lines = new InvoiceLines(url, 'mb_key');
    expect(await lines.of('org_a', POSITION, [DELTA])).toEqual({ lines: [LINE] });
    const { at, model, adapter, quantities } = DELTA;
    const deltas = [{ at, model, service_tier: 'batch', adapter, quantities }];
    const body = { organization: 'org_a', partition: 3, offset: 18, deltas };
    expect(asked).toEqual([['POST', '/ops/event-lines', 'Bearer mb_key', body]]);
  });

  it('are none of an event that booked nothing, unasked', async () => {
    expect(await new InvoiceLines(url, 'k').of('org_a', POSITION, [])).toEqual({ lines: [] });
    expect(asked).toEqual([]);
  });

  it.each([
    [503, '{"code":"not_ready"}'],
    [403, '{"code":"missing_scope"}'],
    [200, '{}'],
    [200, 'no JSON'],
  ])('are unknown, and said to be, at %i %s', async (status, body) => {
    answer = { status, body };
    expect(await new InvoiceLines(url, 'k').of('org_a', POSITION, [DELTA])).toEqual({
      lines: null,
      unavailable: 'service_unavailable',
    });
  });

  it('are unknown where nobody listens, and where nobody was named', async () => {
    const nobody = new InvoiceLines('http://127.0.0.1:1', 'k');
    expect(await nobody.of('org_a', POSITION, [DELTA])).toMatchObject({
      unavailable: 'service_unavailable',
    });
    expect(await new InvoiceLines(undefined, 'k').of('org_a', POSITION, [DELTA])).toMatchObject({
      unavailable: 'service_not_configured',
    });
  });
});
