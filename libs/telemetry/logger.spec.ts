import { createLogger } from './logger.js';

describe('a logger', () => {
  const written = (level?: string): { lines: string[]; log: ReturnType<typeof createLogger> } => {
    const lines: string[] = [];
    return { lines, log: createLogger('test', level, { write: (line) => lines.push(line) }) };
  };

  it('replaces secrets where they are likely to be', () => {
    const { lines, log } = written();
    const headers = { authorization: 'Bearer mb_x', cookie: 'c', host: 'h' };
    log.info({ headers, req: { headers }, key: 'mb_x', webhook: { secret: 'whsec_x' } }, 'asked');
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 'info',
      service: 'test',
      msg: 'asked',
      headers: { authorization: '[redacted]', cookie: '[redacted]', host: 'h' },
      req: { headers: { authorization: '[redacted]' } },
      key: '[redacted]',
      webhook: { secret: '[redacted]' },
    });
    expect(lines[0]).not.toMatch(/mb_x|whsec_x/);
  });

  it('writes from its level on, and the time in RFC 3339', () => {
    const { lines, log } = written('warn');
    log.info('quiet');
    log.warn('loud');
    expect(lines).toHaveLength(1);
    expect((JSON.parse(lines[0]!) as { time: string }).time).toMatch(/^\d{4}-.*Z$/);
  });
});
