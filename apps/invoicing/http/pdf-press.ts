// Prints documents as PDF in a thread of its own, one document at a time: 200 lines are seconds of pure computing, and the doors of
// the process stay open meanwhile. A document that takes too long is given up, and its thread with it.
import { Worker } from 'node:worker_threads';
import { Problem } from '#libs/http/problem.js';
import type { Printed } from '../domain/printed-document.js';

/** Printed texts → the bytes of a PDF; the same texts give the same bytes. */
export abstract class PdfPress {
  /** Rejects with Problem 503 `busy` when too many documents wait, or when this one took too long. */
  abstract print(printed: Printed): Promise<Buffer>;

  async onApplicationShutdown(): Promise<void> {}
}

export interface PressLimits {
  /** How long one document may take. */
  readonly deadlineMs: number;
  /** How many may wait for their turn. */
  readonly waiting: number;
}

// 200 lines take 3 s on a slow core, and time grows with the lines.
const LIMITS: PressLimits = { deadlineMs: 60_000, waiting: 32 };

type Answer = { readonly bytes: Uint8Array } | { readonly error: string };

export class ThreadPress extends PdfPress {
  private worker: Worker | undefined;
  private turn: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  /** `script` is the compiled `pdf-thread.js`. */
  constructor(
    private readonly script: URL,
    private readonly limits = LIMITS,
  ) {
    super();
  }

  override async print(printed: Printed): Promise<Buffer> {
    if (this.waiting >= this.limits.waiting) throw busy('Too many documents are being printed.');
    this.waiting += 1;
    const bytes = this.turn.then(async () => this.next(printed));
    this.turn = bytes.catch(() => undefined);
    try {
      return await bytes;
    } finally {
      this.waiting -= 1;
    }
  }

  override async onApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  private async next(printed: Printed): Promise<Buffer> {
    const worker = (this.worker ??= this.start());
    const answer = await this.answerOf(worker, printed).catch(async (error: unknown) => {
      await this.stop();
      throw error;
    });
    if ('error' in answer) throw new Error(`cannot print: ${answer.error}`);
    const { buffer, byteOffset, byteLength } = answer.bytes;
    return Buffer.from(buffer, byteOffset, byteLength);
  }

  private async answerOf(worker: Worker, printed: Printed): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const late = setTimeout(() => {
      reject(busy(`The document was not printed within ${this.limits.deadlineMs} ms.`));
    }, this.limits.deadlineMs);
    const ended = (code: number): void => {
      reject(new Error(`the printing thread ended with code ${code}`));
    };
    worker.once('message', resolve).once('error', reject).once('exit', ended);
    worker.postMessage(printed, []);
    try {
      return await promise;
    } finally {
      clearTimeout(late);
      worker.removeListener('message', resolve).removeListener('error', reject);
      worker.removeListener('exit', ended);
    }
  }

  // Fonts and layout of the longest documents stay well below 512 MB; a process never waits for this thread to end.
  private start(): Worker {
    const worker = new Worker(this.script, { resourceLimits: { maxOldGenerationSizeMb: 512 } });
    worker.unref();
    return worker;
  }

  private async stop(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
  }
}

/** Prints in the thread that asks: for sources that are run as they are, where no thread script is compiled. */
export class InlinePress extends PdfPress {
  override async print(printed: Printed): Promise<Buffer> {
    const { renderPdf } = await import('./pdf-render.js');
    return renderPdf(printed);
  }
}

/** The press of a process: in a thread where the app was built. */
export function openPress(): PdfPress {
  const isSource = import.meta.url.endsWith('.ts');
  return isSource ? new InlinePress() : new ThreadPress(new URL('pdf-thread.js', import.meta.url));
}

function busy(detail: string): Problem {
  return new Problem(503, 'busy', detail, { headers: { 'retry-after': '5' } });
}
