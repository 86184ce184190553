// The jars of the Kafka broker: resolved once by Maven from infra/kafka/pom.xml into a cache folder (7 s, 54 MB).
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { isAlive, pause } from './children.js';
import { projectRoot } from './service-process.js';

const LOCK_WAIT_MS = 300_000;

export function kafkaFile(name: string): string {
  return join(projectRoot(), 'infra', 'kafka', name);
}

export function defaultJarFolder(): string {
  return join(projectRoot(), '.meterbook', 'cache', 'kafka-4.3.1');
}

/** True when a whole download for today's pom lies there: the marker is written last and names the pom and the number of jars. */
export function hasKafkaJars(folder = defaultJarFolder()): boolean {
  const marker = join(folder, 'complete');
  if (!existsSync(marker)) return false;
  return readFileSync(marker, 'utf8') === markerText(folder);
}

/** Gives the folder with the jars, downloading them when they are not whole. Two callers at once: one downloads, one waits. */
export async function ensureKafkaJars(folder = defaultJarFolder()): Promise<string> {
  if (hasKafkaJars(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const release = await lock(`${folder}.lock`);
  try {
    if (!hasKafkaJars(folder)) await download(folder);
    return folder;
  } finally {
    release();
  }
}

/** The full path of a command on PATH, undefined when there is none. */
export function commandPath(name: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      const path = join(folder, name);
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  return undefined;
}

async function download(folder: string): Promise<void> {
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
  const args = ['-q', '-B', '-f', kafkaFile('pom.xml'), goal];
  try {
    const out = [`-DoutputDirectory=${partial}`, '-DincludeScope=runtime'];
    await promisify(execFile)('mvn', [...args, ...out], { env: process.env });
  } catch (error) {
    const { stdout = '' } = error as { stdout?: string };
    throw new Error(`Maven cannot resolve the Kafka broker: ${stdout.trim().slice(0, 2_000)}`, {
      cause: error,
    });
  }
  writeFileSync(join(partial, 'complete'), markerText(partial));
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
}

function markerText(folder: string): string {
  const jars = readdirSync(folder).filter((name) => name.endsWith('.jar')).length;
  const pom = createHash('sha256')
    .update(readFileSync(kafkaFile('pom.xml')))
    .digest('hex');
  return `${jars} jars of pom ${pom}\n`;
}

// A file that only one process can create; one whose owner died is taken over.
async function lock(path: string): Promise<() => void> {
  const deadline = performance.now() + LOCK_WAIT_MS;
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = ownerOf(path);
      if (owner !== undefined && !isAlive(owner)) rmSync(path, { force: true });
      else if (performance.now() > deadline)
        throw new Error(`${path} is held by ${owner}`, { cause: error });
      else await pause(100);
    }
  }
}

function ownerOf(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
