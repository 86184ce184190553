import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { Public } from '../auth.js';
import { type SmallApp, startSmallApp } from './small-app.js';

@Controller('v1/things')
class ThingController {
  @Get(':id')
  @Public()
  read(@Param('id') id: string): unknown {
    return { id };
  }
}

describe('what is no request', () => {
  let small: SmallApp;

  beforeAll(async () => {
    small = await startSmallApp(ThingController);
  });
  afterAll(async () => small.app.close());

  /** Sends bytes as they are and gives everything that comes back. */
  const raw = async (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(small.url).port), '127.0.0.1');
      let answer = '';
      socket.setEncoding('utf8');
      socket.on('data', (chunk: string) => (answer += chunk));
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
      socket.write(text);
    });
  const END = 'Host: x\r\nConnection: close\r\n\r\n';

  it.each([
    // bytes                                                                   status  code
    [`GET /v1/things/%zz HTTP/1.1\r\n${END}`, 400, 'malformed_url'],
    [`GET /v1/things/%ff HTTP/1.1\r\n${END}`, 400, 'malformed_url'],
    [`GET /v1/things/a%00 HTTP/1.1\r\n${END}`, 400, 'malformed_url'],
    [`GET /v1/things/${'a'.repeat(301)} HTTP/1.1\r\n${END}`, 414, 'path_too_long'],
    [`GET /${'a'.repeat(17_000)} HTTP/1.1\r\n${END}`, 431, 'headers_too_large'],
    [`BREW /v1/things/1 HTTP/1.1\r\n${END}`, 400, 'malformed_request'],
    ['GET /v1/things/1 HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'malformed_request'],
    [
      `POST /v1/things HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n${END}0\r\n\r\n`,
      400,
      'malformed_request',
    ],
    [
      `POST /v1/things HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n${END}hello`,
      400,
      'malformed_request',
    ],
    [
      `POST /v1/things HTTP/1.1\r\nTransfer-Encoding: chunked, identity\r\n${END}0\r\n\r\n`,
      400,
      'malformed_request',
    ],
    [`PROPFIND /v1/things/1 HTTP/1.1\r\n${END}`, 405, 'method_not_allowed'],
  ])('%.40s… is %d %s', async (bytes, status, code) => {
    const answer = (await raw(bytes)).toLowerCase();
    expect(answer).toMatch(new RegExp(`^http/1.1 ${status} `));
    expect(answer).toMatch(/content-type: application\/problem\+json\r\n/);
    expect(answer).toMatch(/x-request-id: [0-9a-f-]{36}\r\n/);
    expect(answer).toContain(`"code":"${code}"`);
  });

  it.each([
    // given                        kept
    ['abc-1', true],
    ['x'.repeat(128), true],
    ['x'.repeat(129), false],
    ['a b', false],
  ])('keeps the request id %.10s: %s', async (given, kept) => {
    const answer = await small.ask('/v1/things/1', { headers: { 'x-request-id': given } });
    expect(answer.headers.get('x-request-id') === given).toBe(kept);
  });
});

@Controller('v1/slow')
class SlowController {
  @Post()
  @Public()
  take(@Body() body: unknown): unknown {
    return { body };
  }
}

const JSON_BODY = 'content-type: application/json\r\ncontent-length: 9';

describe('a request', () => {
  it.each([
    ['headers', 'POST /v1/slow HTTP/1.1\r\nhost: x\r\n', 408],
    ['body', `POST /v1/slow HTTP/1.1\r\nhost: x\r\n${JSON_BODY}\r\n\r\n{"a":`, 408],
    ['nothing', '', 408],
    [
      'body that was refused before',
      `POST /v1/none HTTP/1.1\r\nhost: x\r\n${JSON_BODY}\r\n\r\n{`,
      404,
    ],
  ])(
    'that never comes to its end is 408, headers and body alike: %s',
    async (_part, bytes, status) => {
      const small = await startSmallApp(SlowController);
      const server: Server = small.app.getHttpServer();
      expect([server.headersTimeout, server.requestTimeout]).toEqual([10_000, 30_000]);
      // Looked at every second: so long the spec takes.
      server.headersTimeout = 100;
      server.requestTimeout = 100;
      const socket = connect(Number(new URL(small.url).port), '127.0.0.1');
      let answer = '';
      socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
      socket.write(bytes);
      await once(socket, 'close');
      await small.app.close();
      // One answer and no second.
      expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`]);
    },
  );
});

describe('answers', () => {
  let small: SmallApp;

  beforeAll(async () => {
    small = await startSmallApp(ThingController);
  });
  afterAll(async () => small.app.close());

  it.each(['/v1/things/1', '/v1/nothing', '/health/live', '/openapi.json'])(
    'are never guessed to be of another type: %s',
    async (path) => {
      const answer = await small.ask(path);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    },
  );

  it.each([
    ['OPTIONS', { 'access-control-request-method': 'GET' }],
    ['GET', {}],
    ['POST', {}],
  ])('are for no page of another site: %s', async (method, more) => {
    const headers = { origin: 'https://evil.example', ...more };
    const answer = await small.ask('/v1/things/1', { method, headers });
    const names = [...answer.headers.keys()];
    expect(names.filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});
