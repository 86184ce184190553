// A real Apache Kafka broker (KRaft, one node) run by the system's Java, without a container. Up in about 4 s, the first time
// of a machine 7 s more for its jars.
import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brokersAnswer } from '../log/kafka-probe.js';
import { endProcess, isAlive, pause, startChild } from './children.js';
import { commandPath, ensureKafkaJars, hasKafkaJars, kafkaFile } from './kafka-jars.js';
import { freePort } from './ports.js';

const JAVA_NEEDED = 17;
const START_DEADLINE_MS = 120_000;

export interface LocalKafkaOptions {
  /** Configuration and log; a start on the same folder keeps what is in it. */
  readonly dir: string;
  /** A free one when not given. */
  readonly port?: number;
  readonly detached?: boolean;
  /** Where the jars are or go; `.meterbook/cache/kafka-4.3.1` of the repository when not given. */
  readonly jars?: string;
}

export interface LocalKafka {
  /** `127.0.0.1:port`. */
  readonly brokers: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Why a local broker cannot run here (no Java 17, no Maven and no jars yet); undefined when it can. */
export function kafkaAvailability(jars?: string): string | undefined {
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' });
  if (java.error) return 'java is not installed (Kafka needs Java 17 or later)';
  const version = Number(/version "(?:1\.)?(\d+)/.exec(java.stderr)?.[1] ?? 0);
  if (version < JAVA_NEEDED) return `java is version ${version}; Kafka needs 17 or later`;
  if (!hasKafkaJars(jars) && commandPath('mvn') === undefined)
    return 'mvn is not installed (Maven resolves the jars of the broker)';
  return undefined;
}

/** Where one broker of a cluster stands, alone or among others. */
export interface BrokerPlace {
  readonly dir: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly nodeId: number;
  /** `1@127.0.0.1:9093,…`: every broker is a controller too. */
  readonly voters: string;
  /** How often the broker's own bookkeeping is kept. */
  readonly copies: number;
  /** The same for all brokers of a cluster; a start on a folder that is formatted does not look at it. */
  readonly clusterId: string;
}

/** Starts a broker and resolves when a metadata request names it. */
export async function startLocalKafka(options: LocalKafkaOptions): Promise<LocalKafka> {
  const classPath = await kafkaClassPath(options.jars);
  const port = options.port ?? (await freePort());
  let controllerPort = await freePort();
  while (controllerPort === port) controllerPort = await freePort();
  const place: BrokerPlace = {
    dir: options.dir,
    port,
    controllerPort,
    nodeId: 1,
    voters: `1@127.0.0.1:${controllerPort}`,
    copies: 1,
    clusterId: newClusterId(),
  };
  const { pid } = await launchBroker(place, classPath, options.detached ?? false);
  const brokers = `127.0.0.1:${port}`;
  await untilReady(brokers, pid, `${options.dir}.log`);
  return { brokers, pid, stop: async () => endProcess(pid) };
}

/** The class path of a broker; throws when none can run here. */
export async function kafkaClassPath(jars?: string): Promise<string> {
  const reason = kafkaAvailability(jars);
  if (reason !== undefined) throw new Error(`no local Kafka: ${reason}`);
  return join(await ensureKafkaJars(jars), '*');
}

/** Writes the configuration, formats what is new and starts the process; it does not wait until it answers. */
export async function launchBroker(
  place: BrokerPlace,
  classPath: string,
  detached: boolean,
): Promise<{ readonly pid: number }> {
  const config = writeConfig(place);
  await format(place, classPath, config);
  const { pid } = startChild({
    command: 'java',
    args: [...JVM, '-cp', classPath, 'kafka.Kafka', config],
    logFile: `${place.dir}.log`,
    detached,
  });
  if (pid === undefined) throw new Error('cannot start java');
  return { pid };
}

/** The "0" in front: an id that begins with "-" would be read as an option. */
export function newClusterId(): string {
  return `0${randomBytes(16).toString('base64url').slice(1)}`;
}

const JVM = [
  `-Dlog4j2.configurationFile=${kafkaFile('log4j2.yaml')}`,
  '-Xms256m',
  '-Xmx512m',
  '-XX:+UseSerialGC',
];

function writeConfig(place: BrokerPlace): string {
  const { dir, port, controllerPort, nodeId, voters, copies } = place;
  mkdirSync(dir, { recursive: true });
  const values: Record<string, string> = {
    dir: dataFolder(dir),
    port: String(port),
    controllerPort: String(controllerPort),
    nodeId: String(nodeId),
    voters,
    copies: String(copies),
  };
  const text = readFileSync(kafkaFile('server.properties'), 'utf8').replace(
    /\$\{(\w+)\}/g,
    // A backslash starts an escape in a properties file.
    (_, name: string) => (values[name] ?? '').replaceAll('\\', '\\\\'),
  );
  const path = join(dir, 'server.properties');
  writeFileSync(path, text);
  return path;
}

async function format(place: BrokerPlace, classPath: string, config: string): Promise<void> {
  if (existsSync(join(dataFolder(place.dir), 'meta.properties'))) return;
  const tool = ['-cp', classPath, 'kafka.tools.StorageTool', 'format'];
  const args = [JVM[0] as string, ...tool, '-t', place.clusterId, '-c', config];
  await promisify(execFile)('java', args);
}

/** Where a broker that was started in `dir` keeps its log. */
export function dataFolder(dir: string): string {
  return join(dir, 'data');
}

/** Resolves when the broker answers a metadata request; ends the process and rejects when it does not come up. */
export async function untilReady(brokers: string, pid: number, logFile: string): Promise<void> {
  const deadline = performance.now() + START_DEADLINE_MS;
  while (!(await brokersAnswer([brokers]))) {
    if (!isAlive(pid) || performance.now() > deadline) {
      await endProcess(pid, 'SIGKILL');
      throw new Error(`Kafka did not start, see ${logFile}`);
    }
    await pause(50);
  }
}
