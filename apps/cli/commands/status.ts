// Is every part ready, and how far behind is each projection?
import { Home } from '#libs/stack/home.js';
import { SERVICES } from '#libs/stack/service-process.js';
import { Api } from '../client/api.js';
import { grouped, textTable } from '../domain/table.js';
import type { Progress } from '../progress.js';

interface ProjectionRow {
  readonly projection: string;
  readonly topic: string;
  readonly partition: number;
  readonly next_offset: number;
  readonly lag?: number | null;
  readonly halted?: { reason: string } | null;
}

/** Prints a line per service and projection; true when all are ready and nothing is halted. */
export async function status(options: { home?: string }, progress: Progress): Promise<boolean> {
  const home = new Home(options.home);
  const endpoints = home.endpoints();
  if (!endpoints) {
    progress.say(`nothing runs from ${home.dir}`);
    progress.result({ running: false });
    return false;
  }
  const { key } = home.adminKey();
  const services = await Promise.all(
    SERVICES.map(async (name) => ({ name, ...(await inspect(endpoints[name], key)) })),
  );
  const rows = services.map(({ name, ready, projections }) => [
    name,
    ready ? 'ready' : 'NOT READY',
    grouped(projections.reduce((sum, { next_offset }) => sum + next_offset, 0)),
    grouped(projections.reduce((sum, { lag }) => sum + (lag ?? 0), 0)),
    projections
      .flatMap(({ halted, topic, partition }) =>
        halted ? [`${topic}[${partition}] ${halted.reason}`] : [],
      )
      .join(', '),
  ]);
  for (const line of textTable(['service', 'state', 'records read', 'behind', 'halted'], rows))
    progress.say(line);
  const healthy = services.every(
    ({ ready, projections }) => ready && projections.every(({ halted }) => !halted),
  );
  progress.result({ running: true, healthy, endpoints, services });
  return healthy;
}

async function inspect(
  url: string,
  key: string,
): Promise<{ ready: boolean; projections: ProjectionRow[] }> {
  try {
    const ready = (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(3_000) })).ok;
    const { data } = await new Api(url, key)
      .get<{ data: ProjectionRow[] }>('/ops/projections')
      .catch(() => ({ data: [] }));
    return { ready, projections: data };
  } catch {
    return { ready: false, projections: [] };
  }
}
