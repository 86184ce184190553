import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

describe('a service that is told to stop', () => {
  let child: ChildProcess;
  const said: string[] = [];

  beforeAll(() => {
    const script = join(import.meta.dirname, 'served.js');
    child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    createInterface({ input: child.stdout! }).on('line', (line) => said.push(line));
  });
  afterAll(() => child.kill('SIGKILL'));

  const until = async (line: RegExp): Promise<string> => {
    for (;;) {
      const found = said.find((one) => line.test(one));
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };

  it('finishes what runs, takes no more, and exits 0', async () => {
    const url = await until(/^http/);
    const answer = fetch(`${url}/slow`);
    await until(/slow begins/);
    const exited = once(child, 'exit');
    const began = performance.now();
    child.kill('SIGTERM');
    const { status, headers } = await answer;
    expect([status, headers.get('connection')]).toEqual([200, 'keep-alive']);
    expect(await exited).toEqual([0, null]);
    expect(performance.now() - began).toBeLessThan(3_000);
    // The parts stop only when no request needs them any more.
    expect(said.slice(-3)).toEqual(['slow begins', 'slow ends', 'parts stop']);
    await expect(fetch(`${url}/health/live`)).rejects.toThrow('fetch failed');
  });
});
