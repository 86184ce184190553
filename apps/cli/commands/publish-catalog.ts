// Catalog documents on the command line: checked where they lie, or shown to a running stack and published.
import { readFileSync } from 'node:fs';
import { parseCatalogText } from '#libs/rating/catalog-document.js';
import type { CatalogMediaType } from '#libs/events/catalog-fact.js';
import { Home } from '#libs/stack/home.js';
import { ApiError } from '../client/api.js';
import { StackClient } from '../client/stack-client.js';
import {
  faultLines,
  changeLines,
  type Change,
  type DocumentFault,
} from '../domain/catalog-lines.js';
import type { Progress } from '../progress.js';

/** Checks a document without a stack; true when it has no faults. Its place after published versions only a stack can tell. */
export async function checkCatalog(file: string, progress: Progress): Promise<boolean> {
  const parsed = parseCatalogText(readFileSync(file, 'utf8'), mediaTypeOf(file));
  const problems = 'problems' in parsed ? parsed.problems : [];
  for (const line of faultLines(file, problems)) progress.say(line);
  if ('catalog' in parsed) progress.say(`${file}: version ${parsed.catalog.version} has no faults`);
  progress.result({ faults: problems });
  return problems.length === 0;
}

export interface PublishOptions {
  readonly home?: string;
  readonly file: string;
  /** Only shows what would change. */
  readonly dryRun: boolean;
}

interface Published {
  readonly version: string;
  readonly effective_from: string;
  readonly changes: readonly Change[];
}

/** Publishes a document to the running stack, or only shows what it would change; true when the stack takes it. */
export async function publishCatalog(
  { home: folder, file, dryRun }: PublishOptions,
  progress: Progress,
): Promise<boolean> {
  const home = new Home(folder);
  const endpoints = home.endpoints();
  if (!endpoints) throw new Error(`no stack runs from ${home.dir}: start one with npm run up`);
  const { ingest } = new StackClient(endpoints, home.adminKey().key);
  try {
    const answer = await ingest.post<Published>(
      `/v1/catalog?dry_run=${dryRun}`,
      readFileSync(file, 'utf8'),
      { contentType: mediaTypeOf(file), idempotencyKey: `catalog-${Date.now()}` },
    );
    for (const line of changeLines(answer.changes)) progress.say(line);
    const { version, effective_from: from, changes } = answer;
    const what = dryRun ? 'would change' : 'is published and changes';
    progress.say(`version ${version} ${what} ${changes.length} values from ${from} on`);
    progress.result(answer);
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { errors = [] } = (error.body ?? {}) as { errors?: readonly DocumentFault[] };
    for (const line of faultLines(file, errors)) progress.say(line);
    if (errors.length === 0) progress.say(`${file}: ${error.message}`);
    progress.result(error.body);
    return false;
  }
}

function mediaTypeOf(file: string): CatalogMediaType {
  return file.endsWith('.json') ? 'application/json' : 'application/yaml';
}
