// What a person sees while a verb runs: bars on a terminal, plain lines in a pipe, nothing but the result with --json.
import { SingleBar } from 'cli-progress';

export interface Bar {
  advance(by: number): void;
  done(): void;
}

export class Progress {
  private readonly startedAt = performance.now();

  constructor(
    private readonly out: NodeJS.WriteStream,
    private readonly json: boolean,
  ) {}

  /** One line about something that has happened. */
  step(text: string): void {
    if (!this.json)
      this.line(
        `${((performance.now() - this.startedAt) / 1_000).toFixed(1).padStart(6)} s  ${text}`,
      );
  }

  /** A line of the result for people; with --json it is left out. */
  say(text = ''): void {
    if (!this.json) this.line(text);
  }

  /** The result for programs: one JSON document, only with --json. */
  result(value: unknown): void {
    if (this.json)
      this.line(
        JSON.stringify(
          value,
          (_key, item: unknown) => (typeof item === 'bigint' ? Number(item) : item),
          2,
        ),
      );
  }

  /** A bar over `total` units; in a pipe a line every quarter. */
  bar(label: string, total: number): Bar {
    if (this.json) return { advance: () => undefined, done: () => undefined };
    return this.out.isTTY ? terminalBar(label, total) : this.lineBar(label, total);
  }

  private lineBar(label: string, total: number): Bar {
    let value = 0;
    let quarter = 0;
    return {
      advance: (by) => {
        value += by;
        const reached = Math.min(4, Math.floor((value * 4) / Math.max(total, 1)));
        if (reached > quarter)
          this.step(`${label}: ${value.toLocaleString('en')} of ${total.toLocaleString('en')}`);
        quarter = Math.max(quarter, reached);
      },
      done: () => undefined,
    };
  }

  private line(text: string): void {
    this.out.write(`${text}\n`);
  }
}

function terminalBar(label: string, total: number): Bar {
  const bar = new SingleBar({
    format: `  ${label} {bar} {value}/{total} {eta_formatted}`,
    hideCursor: true,
  });
  bar.start(total, 0);
  return { advance: (by) => bar.increment(by), done: () => bar.stop() };
}
