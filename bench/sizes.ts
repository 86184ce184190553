// How much a bench does: `--events 50000` or BENCH_EVENTS=50000, and so on. The figures of docs/performance.md are of the defaults.
import { Environment } from '../libs/config/environment.js';

const environment = new Environment(process.env);
const whole = (name: string, usual: number, least: number, most: number): number =>
  environment.integer(`BENCH_${name}`, usual, least, most);

export const SIZES = {
  events: whole('EVENTS', 200_000, 1_000, 100_000_000),
  /** Rounds that are counted, after one that warms up. */
  rounds: whole('ROUNDS', 3, 1, 100),
  organizations: whole('ORGANIZATIONS', 1_000, 1, 10_000_000),
  partitions: whole('PARTITIONS', 12, 1, 1_000),
  /** Identities that metering already holds. */
  keys: whole('KEYS', 0, 0, 1_000_000_000),
  /** Of each measurement that has a duration of its own. */
  seconds: whole('SECONDS', 20, 1, 10_000),
  minutes: whole('MINUTES', 30, 1, 10_000),
};
