// Specs that need a real broker: tools/jest-servers.js starts one for the run, or KAFKA_BROKERS names one. Specs that stop, kill or
// freeze a broker start their own.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolder, type LocalKafka, kafkaAvailability, startLocalKafka } from '../stack/kafka.js';
import { freePort } from '../stack/ports.js';

/** A group of specs with the brokers of the run. Without a broker it fails in CI and is shown as skipped elsewhere. */
export function describeWithKafka(title: string, specs: (brokers: string[]) => void): void {
  const given = process.env['KAFKA_BROKERS'];
  const reason = process.env['KAFKA_MISSING'] ?? 'KAFKA_BROKERS is not set';
  describeUnless(given ? undefined : reason, title, () => specs((given ?? '').split(',')));
}

/** A broker that belongs to one spec file. */
export class OwnKafka {
  private running: LocalKafka | undefined;

  constructor(
    private readonly dir: string,
    private readonly port: number,
  ) {}

  get brokers(): string[] {
    return [`127.0.0.1:${this.port}`];
  }

  /** Where the broker keeps its log: a folder for each partition. */
  get folder(): string {
    return dataFolder(this.dir);
  }

  async start(): Promise<void> {
    this.running = await startLocalKafka({ dir: this.dir, port: this.port });
  }

  /** SIGSTOP: it keeps its connections and answers nothing. */
  freeze(): void {
    if (this.running) process.kill(this.running.pid, 'SIGSTOP');
  }

  thaw(): void {
    if (this.running) process.kill(this.running.pid, 'SIGCONT');
  }

  /** SIGKILL, and a start on the same log and the same port. */
  async crash(): Promise<void> {
    if (this.running) process.kill(this.running.pid, 'SIGKILL');
    await this.start();
  }

  async stop(): Promise<void> {
    this.thaw();
    await this.running?.stop();
    this.running = undefined;
  }
}

/** As describeWithKafka, with a broker of its own that may be ill-treated; about 5 s to start. */
export function describeWithOwnKafka(title: string, specs: (kafka: () => OwnKafka) => void): void {
  describeUnless(kafkaAvailability(), title, () => {
    let dir: string;
    let kafka: OwnKafka;
    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), 'meterbook-kafka-'));
      kafka = new OwnKafka(join(dir, 'kafka'), await freePort());
      await kafka.start();
    }, 60_000);
    afterAll(async () => {
      await kafka.stop();
      rmSync(dir, { recursive: true, force: true });
    });
    specs(() => kafka);
  });
}

/** A topic name that no other spec uses; `ensureTopics` makes it. */
export function freshTopic(prefix = 'spec'): string {
  return `${prefix}.${randomBytes(5).toString('hex')}`;
}

/** A group of specs that is skipped with a reason, visibly, and fails in CI. */
export function describeUnless(reason: string | undefined, title: string, specs: () => void): void {
  if (reason === undefined) describe(title, specs);
  else if (process.env['CI'])
    describe(title, () => {
      it('has a Kafka broker in CI', () => {
        throw new Error(`no Kafka broker: ${reason}`);
      });
    });
  else describe.skip(`${title} (no Kafka broker: ${reason})`, specs);
}
