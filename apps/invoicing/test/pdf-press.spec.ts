import { printDocument } from '../domain/printed-document.js';
import { InlinePress, ThreadPress } from '../http/pdf-press.js';
import { printable, printableLine, SELLER } from './printable.js';

// The thread runs what was built: `npm run build` comes before these specs.
const SCRIPT = new URL('../../../dist/apps/invoicing/http/pdf-thread.js', import.meta.url);
const SCRIPT_THAT_ENDS = new URL('data:text/javascript,process.exit(3)');
const SCRIPT_THAT_HANGS = new URL(
  'data:text/javascript,import { parentPort } from "node:worker_threads"; parentPort.on("message", () => {})',
);

const printed = printDocument(printable(), SELLER, 'en');
const long = printDocument(
  printable({ lines: Array.from({ length: 100 }, () => printableLine()) }),
  SELLER,
  'en',
);

describe('the press of a process', () => {
  it('prints what the thread that asks would print, while that thread goes on', async () => {
    const press = new ThreadPress(SCRIPT);
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 1);
    const bytes = await press.print(long);
    clearInterval(turning);
    await press.onApplicationShutdown();
    // Laying out 100 lines is at least 100 ms of computing.
    expect(turns).toBeGreaterThan(20);
    expect(bytes.equals(await new InlinePress().print(long))).toBe(true);
  });

  it('prints several in the order in which they came', async () => {
    const press = new ThreadPress(SCRIPT);
    const [first, second, third] = await Promise.all([
      press.print(long),
      press.print(printed),
      press.print(printed),
    ]);
    await press.onApplicationShutdown();
    expect(second.equals(third)).toBe(true);
    expect(first.equals(second)).toBe(false);
  });

  it('refuses when too many wait', async () => {
    const press = new ThreadPress(SCRIPT, { deadlineMs: 60_000, waiting: 1 });
    const first = press.print(printed);
    await expect(press.print(printed)).rejects.toMatchObject({
      status: 503,
      code: 'busy',
      headers: { 'retry-after': '5' },
    });
    await first;
    expect((await press.print(printed)).length).toBeGreaterThan(1_000);
    await press.onApplicationShutdown();
  });

  it('gives up what takes too long', async () => {
    const press = new ThreadPress(SCRIPT_THAT_HANGS, { deadlineMs: 200, waiting: 4 });
    await expect(press.print(printed)).rejects.toMatchObject({ status: 503, code: 'busy' });
    await expect(press.print(printed)).rejects.toMatchObject({ status: 503, code: 'busy' });
  });

  it('says that its thread has ended, and starts another', async () => {
    const press = new ThreadPress(SCRIPT_THAT_ENDS);
    await expect(press.print(printed)).rejects.toThrow('the printing thread ended with code 3');
    await expect(press.print(printed)).rejects.toThrow('the printing thread ended with code 3');
  });
});
