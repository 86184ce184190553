import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '#libs/stack/children.js';
import { Home } from '#libs/stack/home.js';
import { projectRoot } from '#libs/stack/service-process.js';
import { type RunningStack, startStack, stopStack } from '#libs/stack/stack.js';
import { Api, ApiError } from '../client/api.js';
import type { Progress } from '../progress.js';

export interface UpOptions {
  readonly home?: string;
  readonly kafka: boolean;
  readonly detach: boolean;
  readonly freePorts: boolean;
  readonly catalog: boolean;
}

/** Starts the local stack and, unless detached, keeps it until SIGINT or SIGTERM. */
export async function up(options: UpOptions, progress: Progress): Promise<void> {
  const home = new Home(options.home);
  const stack = await startStack({
    home,
    kafka: options.kafka,
    freePorts: options.freePorts,
    onStep: (step) => progress.step(step),
  });
  if (options.catalog) {
    const version = await publishShippedCatalog(stack);
    if (version) progress.step(`catalog ${version} is published`);
  }
  describeStack(stack, home, progress);
  if (options.detach) return;
  progress.say('Ctrl-C stops it; the data stays in the home folder.');
  await untilSignal();
  await stack.stop();
  progress.step('stopped');
}

/** Ends what the home started; with wipe its data too. */
export async function down(
  options: { home?: string; wipe: boolean },
  progress: Progress,
): Promise<void> {
  const home = new Home(options.home);
  const ended = await stopStack(home);
  if (options.wipe) home.wipe();
  progress.step(ended.length === 0 ? 'nothing was running' : `stopped ${ended.join(', ')}`);
  progress.result({ stopped: ended, wiped: options.wipe });
}

/** Publishes catalog/groq.yaml when the log has no catalog yet; gives its version, or undefined when there was one. */
export async function publishShippedCatalog(stack: RunningStack): Promise<string | undefined> {
  const published = new Api(stack.endpoints.invoicing, stack.adminKey);
  if (await isPublished(published)) return undefined;
  const text = readFileSync(join(projectRoot(), 'catalog', 'groq.yaml'), 'utf8');
  const ingest = new Api(stack.endpoints.ingest, stack.adminKey);
  const answer = await ingest.post<{ version: string }>('/v1/catalog', text, {
    contentType: 'application/yaml',
    idempotencyKey: `shipped-catalog-${Date.now()}`,
  });
  // Readers fold it a moment later; a demo that goes on at once wants to find it there.
  for (let tries = 0; tries < 200 && !(await isPublished(published)); tries += 1) await pause(50);
  return answer.version;
}

async function isPublished(invoicing: Api): Promise<boolean> {
  try {
    await invoicing.get('/v1/catalog');
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return false;
    throw error;
  }
}

/** Where the parts are, and the key when it is new: it is printed once. */
export function describeStack(stack: RunningStack, home: Home, progress: Progress): void {
  const { edge, ingest, metering, quota, invoicing, kafka } = stack.endpoints;
  progress.say();
  for (const [name, url] of Object.entries({ edge, ingest, metering, quota, invoicing }))
    progress.say(`  ${name.padEnd(10)} ${url}`);
  progress.say(`  ${'log'.padEnd(10)} ${kafka ? `Kafka at ${kafka}` : 'embedded, in Postgres'}`);
  progress.say(`  ${'home'.padEnd(10)} ${home.dir}`);
  if (stack.isNewKey)
    progress.say(
      `  ${'admin key'.padEnd(10)} ${stack.adminKey}   (shown once; kept in ${home.path('admin-key')})`,
    );
  progress.say();
  progress.result({ ...stack.endpoints, home: home.dir });
}

/** Resolves at the first SIGINT or SIGTERM. */
export async function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    // The timer keeps the process alive: a pending promise alone does not.
    const alive = setInterval(() => undefined, 60_000);
    const end = (): void => {
      clearInterval(alive);
      resolve();
    };
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
  });
}
