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

/** Starts a broker and resolves when a metadata request names it. */
export async function startLocalKafka(options: LocalKafkaOptions): Promise<LocalKafka> {
  const reason = kafkaAvailability(options.jars);
  if (reason !== undefined) throw new Error(`no local Kafka: ${reason}`);
  const classPath = join(await ensureKafkaJars(options.jars), '*');
  const port = options.port ?? (await freePort());
  let controllerPort = await freePort();
  while (controllerPort === port) controllerPort = await freePort();
  const config = writeConfig(options.dir, port, controllerPort);
  await format(options.dir, classPath, config);
  const logFile = `${options.dir}.log`;
  const { pid } = startChild({
    command: 'java',
    args: [...JVM, '-cp', classPath, 'kafka.Kafka', config],
    logFile,
    detached: options.detached ?? false,
  });
  if (pid === undefined) throw new Error('cannot start java');
  const brokers = `127.0.0.1:${port}`;
  await untilReady(brokers, pid, logFile);
  return { brokers, pid, stop: async () => endProcess(pid) };
}

const JVM = [
  `-Dlog4j2.configurationFile=${kafkaFile('log4j2.yaml')}`,
  '-Xms256m',
  '-Xmx512m',
  '-XX:+UseSerialGC',
];

function writeConfig(dir: string, port: number, controllerPort: number): string {
  mkdirSync(dir, { recursive: true });
  const values: Record<string, string> = {
    dir: dataFolder(dir),
    port: String(port),
    controllerPort: String(controllerPort),
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

async function format(dir: string, classPath: string, config: string): Promise<void> {
  if (existsSync(join(dataFolder(dir), 'meta.properties'))) return;
  const tool = ['-cp', classPath, 'kafka.tools.StorageTool', 'format'];
  // The "0" in front: an id that begins with "-" would be read as an option.
  const id = `0${randomBytes(16).toString('base64url').slice(1)}`;
  await promisify(execFile)('java', [JVM[0] as string, ...tool, '-t', id, '-c', config]);
}

function dataFolder(dir: string): string {
  return join(dir, 'data');
}

async function untilReady(brokers: string, pid: number, logFile: string): Promise<void> {
  const deadline = performance.now() + START_DEADLINE_MS;
  while (!(await brokersAnswer([brokers]))) {
    if (!isAlive(pid) || performance.now() > deadline) {
      await endProcess(pid, 'SIGKILL');
      throw new Error(`Kafka did not start, see ${logFile}`);
    }
    await pause(50);
  }
}
