import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { Api } from '../client/api.js';
import { Progress } from '../progress.js';
import { verifyAt } from './verify.js';

const SAME = { equal: true, bytes_equal: true, events: 3, differences: [] };
const ANSWERS: Readonly<Record<string, unknown>> = {
  'MB-1': SAME,
  'MB-2': {
    ...SAME,
    equal: false,
    bytes_equal: false,
    differences: [{ path: '/total', stored: '4.00', derived: '5.00' }],
  },
  'MB-3': { ...SAME, bytes_equal: false },
};

describe('meterbook verify', () => {
  let server: Server;
  let api: Api;
  beforeAll(async () => {
    server = createServer(({ url = '', method }, answer) => {
      const number = /^\/v1\/invoices\/(.+)\/verify$/.exec(url)?.[1] ?? '';
      const isSecond = url.includes('cursor=next');
      const page = isSecond
        ? { data: [{ number: 'MB-1' }], next_cursor: null }
        : { data: [{ number: 'MB-2' }], next_cursor: 'next' };
      const body = method === 'GET' ? page : ANSWERS[number];
      answer.statusCode = body === undefined ? 404 : 200;
      answer.end(JSON.stringify(body ?? { code: 'unknown_invoice', detail: 'There is none.' }));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    api = new Api(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'key');
  });
  afterAll(async () => {
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });

  const said = async (options: { numbers: readonly string[]; period?: string }) => {
    const out = new PassThrough();
    const progress = new Progress(out as unknown as NodeJS.WriteStream, false);
    const isGood = await verifyAt(api, options, progress);
    return { isGood, text: String(out.read()) };
  };

  it.each([
    [['MB-1'], true, '1 of 1 are the same, byte for byte'],
    [['MB-1', 'MB-2'], false, '  /total: stored "4.00", from the log "5.00"\n1 of 2'],
    [['MB-3'], false, 'MB-3 says the same, but is not the same text'],
    [['MB-9', 'MB-1'], false, 'MB-9 could not be verified: unknown_invoice'],
  ])('of %j is %s and says so', async (numbers, isGood, words) => {
    const found = await said({ numbers });
    expect(found.isGood).toBe(isGood);
    expect(found.text).toContain(words);
  });

  it('of a month reads every page', async () => {
    const { isGood, text } = await said({ numbers: [], period: '2026-11' });
    expect(isGood).toBe(false);
    expect(text).toContain('1 of 2 are the same');
  });

  it.each([[{ numbers: [] }], [{ numbers: ['MB-1'], period: '2026-11' }]])(
    'refuses %j',
    async (options) => {
      await expect(said(options)).rejects.toThrow(
        'name invoices, or a month with --period 2026-11',
      );
    },
  );
});
