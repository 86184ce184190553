// Three real brokers on one machine: replication 3, two copies needed. For what one broker cannot show: leaders that die and move.
import { join } from 'node:path';
import { endProcess, isAlive } from './children.js';
import {
  type BrokerPlace,
  kafkaClassPath,
  launchBroker,
  newClusterId,
  untilReady,
} from './kafka.js';
import { freePort } from './ports.js';

/** A third of them may die: the other two still make a majority and `min.insync.replicas`. */
const BROKERS = 3;

/** A cluster; each broker can be killed without warning and started again on its log and its port. */
export class LocalKafkaCluster {
  private readonly pids: number[] = [];

  private constructor(
    private readonly classPath: string,
    private readonly places: readonly BrokerPlace[],
  ) {}

  /** Resolves when all three answer (about 8 s); `dir` gets one folder for each. */
  static async start(dir: string, jars?: string): Promise<LocalKafkaCluster> {
    const classPath = await kafkaClassPath(jars);
    const ports = await freePorts(2 * BROKERS);
    const places = placesIn(dir, ports);
    const cluster = new LocalKafkaCluster(classPath, places);
    await Promise.all(places.map(async (_, broker) => cluster.restart(broker)));
    return cluster;
  }

  get brokers(): string[] {
    return this.places.map(({ port }) => `127.0.0.1:${port}`);
  }

  get size(): number {
    return this.places.length;
  }

  /** SIGKILL, as a machine that loses its power. */
  async kill(broker: number): Promise<void> {
    const pid = this.pids[broker];
    if (pid !== undefined && isAlive(pid)) await endProcess(pid, 'SIGKILL');
  }

  /** Starts a broker that is not running, and waits until it answers. */
  async restart(broker: number): Promise<void> {
    const place = this.places[broker] as BrokerPlace;
    const { pid } = await launchBroker(place, this.classPath, false);
    this.pids[broker] = pid;
    await untilReady(`127.0.0.1:${place.port}`, pid, `${place.dir}.log`);
  }

  async stop(): Promise<void> {
    await Promise.all(this.pids.map(async (pid) => endProcess(pid, 'SIGKILL')));
  }
}

function placesIn(dir: string, ports: readonly number[]): BrokerPlace[] {
  const clusterId = newClusterId();
  const controllers = ports.slice(0, BROKERS);
  const voters = controllers.map((port, index) => `${index + 1}@127.0.0.1:${port}`).join(',');
  return controllers.map((controllerPort, index) => ({
    dir: join(dir, `broker-${index + 1}`),
    port: ports[BROKERS + index] as number,
    controllerPort,
    nodeId: index + 1,
    voters,
    copies: BROKERS,
    clusterId,
  }));
}

async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}
