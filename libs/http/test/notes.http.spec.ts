import { Controller, Get, Param, Query } from '@nestjs/common';
import { Public, RequireScope } from '../auth.js';
import { type SmallApp, startSmallApp } from './small-app.js';

@Controller('v1/notes')
class NoteController {
  @Get(':id')
  @RequireScope('usage:read')
  read(@Param('id') id: string, @Query('colour') colour?: string): unknown {
    return { id, colour };
  }

  @Get('broken/now')
  @Public()
  broken(): never {
    throw new Error('pg password is hunter2');
  }
}

describe('what a service notes of its answers', () => {
  let small: SmallApp;

  beforeEach(async () => {
    small = await startSmallApp(NoteController);
  });
  afterEach(async () => small.app.close());

  const logged = async (): Promise<Record<string, unknown>[]> => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    return small.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  it('is one line each, with the id of the key and never the key, the query or the path’s values', async () => {
    const headers = { 'x-request-id': 'given-1' };
    await small.ask('/v1/notes/n-17?colour=red', { key: small.readerKey, headers });
    await small.ask('/nowhere/secret-path', { key: null });
    const lines = await logged();
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'info',
        service: 'test',
        request_id: 'given-1',
        method: 'GET',
        route: '/v1/notes/:id',
        status: 200,
        key_id: small.readerKey.slice(3, 11),
      }),
      expect.objectContaining({ method: 'GET', route: 'none', status: 404 }),
    ]);
    expect(lines[0]!['ms']).toEqual(expect.any(Number));
    const text = small.lines.join('');
    for (const secret of [small.readerKey.slice(12), 'red', 'n-17', 'secret-path'])
      expect(text).not.toContain(secret);
  });

  it('is the whole error of a fault, found by the request id of the answer that tells nothing', async () => {
    const answer = await small.ask('/v1/notes/broken/now');
    const body = await answer.text();
    expect([answer.status, body.includes('hunter2'), body.includes('.ts')]).toEqual([
      500,
      false,
      false,
    ]);
    const [fault] = await logged();
    expect(fault).toMatchObject({
      level: 'error',
      request_id: answer.headers.get('x-request-id'),
      err: { message: 'pg password is hunter2' },
    });
  });

  it('leaves out probes', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics']) await small.ask(path);
    expect(await logged()).toEqual([]);
  });

  it('tells metrics to this machine, and to others only with a key for operations', async () => {
    const forwarded = { 'x-forwarded-for': '192.0.2.7' };
    const ask = async (key: string | null, headers: Record<string, string> = {}) =>
      (await small.ask('/metrics', { key, headers })).status;
    expect(await ask(null)).toBe(200);
    expect(await ask(null, forwarded)).toBe(401);
    expect(await ask(small.readerKey, forwarded)).toBe(403);
    expect(await ask(small.adminKey, forwarded)).toBe(200);
  });

  it('counts by route, not by path, and takes any number of unknown ones as one', async () => {
    await small.ask('/v1/notes/a');
    await small.ask('/v1/notes/b', { method: 'HEAD' });
    for (const path of ['/x', '/y', '/z']) await small.ask(path);
    const metrics = await (await small.ask('/metrics')).text();
    const counts = metrics
      .split('\n')
      .filter((line) => line.startsWith('meterbook_http_request_seconds_count'))
      .map((line) => /method="(\w+)",route="(.+?)",status="(\d+)".*} (\d+)/.exec(line)?.slice(1));
    expect(counts).toEqual([
      ['GET', '/v1/notes/:id', '200', '1'],
      ['HEAD', '/v1/notes/:id', '200', '1'],
      ['any', 'none', '404', '3'],
    ]);
    expect(metrics).toContain('process_cpu_seconds_total');
  });
});
