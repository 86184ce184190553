import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rawLoad } from './raw-load.js';

describe('raw load', () => {
  let server: Server;
  let url: string;
  let bodies: string[];

  beforeEach(async () => {
    bodies = [];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        bodies.push(body);
        const text = `answer ${bodies.length}`;
        response.writeHead(bodies.length % 2 === 0 ? 429 : 201, { 'content-length': text.length });
        // In two pieces, as a network may deliver it.
        response.write(text.slice(0, 3));
        setImmediate(() => response.end(text.slice(3)));
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });

  const load = {
    path: '/x',
    key: 'k',
    connections: 3,
    seconds: 0.2,
    bodyOf: (n: number) => `{"n":${n}}`,
  };

  it('counts every answer by its status, and sends each body once', async () => {
    const result = await rawLoad({ ...load, url });
    const answers = Object.values(result.statuses).reduce((sum, count) => sum + count, 0);
    expect(answers).toBe(bodies.length);
    expect(new Set(bodies).size).toBe(bodies.length);
    expect(result.statuses[201]).toBeGreaterThan(1);
    expect(result.p99Ms).toBeGreaterThanOrEqual(result.p50Ms);
  });

  it('keeps to a rate', async () => {
    await rawLoad({ ...load, url, perSecond: 100 });
    expect(bodies.length).toBeGreaterThanOrEqual(18);
    expect(bodies.length).toBeLessThanOrEqual(21);
  });

  it('fails when the server goes away', async () => {
    const running = rawLoad({ ...load, url, seconds: 5 });
    setTimeout(() => server.closeAllConnections(), 50);
    await expect(running).rejects.toThrow(/closed|ECONNRESET/);
  });
});
