// Specs that need a real broker: tools/jest-servers.js starts one for the run, or KAFKA_BROKERS names one.
import { randomBytes } from 'node:crypto';

/** A group of specs with the brokers of the run. Without a broker it fails in CI and is shown as skipped elsewhere. */
export function describeWithKafka(title: string, specs: (brokers: string[]) => void): void {
  const given = process.env['KAFKA_BROKERS'];
  if (given) {
    describe(title, () => specs(given.split(',')));
    return;
  }
  const reason = process.env['KAFKA_MISSING'] ?? 'KAFKA_BROKERS is not set';
  if (process.env['CI']) {
    describe(title, () => {
      it('has a Kafka broker in CI', () => {
        throw new Error(`no Kafka broker: ${reason}`);
      });
    });
    return;
  }
  describe.skip(`${title} (no Kafka broker: ${reason})`, () => specs(['127.0.0.1:1']));
}

/** A topic name that no other spec uses; `ensureTopics` makes it. */
export function freshTopic(prefix = 'spec'): string {
  return `${prefix}.${randomBytes(5).toString('hex')}`;
}
