import { Controller, Get } from '@nestjs/common';
import { newApiKey } from '../api-key.js';
import { RequireScope } from '../auth.js';
import { FAILURES } from '../failed-keys.js';
import { refusalOf, type SmallApp, startSmallApp } from './small-app.js';

@Controller('v1/things')
class ThingController {
  @Get()
  @RequireScope('usage:read')
  read(): unknown {
    return {};
  }
}

describe('wrong keys', () => {
  let small: SmallApp;

  beforeAll(async () => {
    small = await startSmallApp(ThingController);
  });
  afterAll(async () => small.app.close());

  const from = async (address: string, key: string): Promise<Response> =>
    small.ask('/v1/things', { key, headers: { 'x-forwarded-for': address } });

  it('are 429 with a time to wait when too many come from one address, right keys are not', async () => {
    const flood = Array.from({ length: FAILURES.burst + 100 }, async () =>
      from('2001:db8::1', newApiKey().key),
    );
    await Promise.all(flood);
    // Another address of the same /64.
    const answer = await from('2001:db8::2', newApiKey().key);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await refusalOf(answer)).toEqual([429, 'too_many_wrong_keys']);
    expect((await from('2001:db8::1', small.readerKey)).status).toBe(200);
    expect((await from('2001:db8:0:1::1', newApiKey().key)).status).toBe(401);
  });
});
