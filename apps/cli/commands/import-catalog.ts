// A public price list → a catalog document in YAML, and a report of every entry that is not in it.
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { parseCatalogText } from '#libs/rating/catalog-document.js';
import { importGenaiPrices } from '#libs/rating/import/genai-prices.js';
import type { Imported, ImportOptions } from '#libs/rating/import/imported-model.js';
import { importLitellm } from '#libs/rating/import/litellm.js';
import { nextEffectiveHour, formatInstant } from '#libs/time/instant.js';
import { importedCatalog } from '../domain/imported-catalog.js';
import type { Progress } from '../progress.js';

export type PriceList = 'litellm' | 'genai-prices';

export interface ImportCommand {
  readonly list: PriceList;
  readonly file: string;
  readonly provider: readonly string[];
  readonly asOf?: string;
  readonly version?: string;
  readonly effectiveFrom?: string;
  readonly free: boolean;
  /** Where the document goes; absent: standard output. */
  readonly out?: string;
  /** Where the report goes, one entry a line; absent: standard error. */
  readonly report?: string;
}

// What POST /v1/catalog takes at most.
const MOST_BYTES = 600 * 1_024;

/** Reads a list, plain or gzip, by its name. */
export function readPriceList(list: PriceList, file: string, options: ImportOptions): Imported {
  const bytes = readFileSync(file);
  const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8');
  const json: unknown = JSON.parse(text);
  return list === 'litellm' ? importLitellm(json, options) : importGenaiPrices(json, options);
}

/** Writes the document; true when it passes the checks of publishing and is small enough for them. */
export async function importCatalog(command: ImportCommand, progress: Progress): Promise<boolean> {
  const imported = readPriceList(command.list, command.file, {
    asOf: command.asOf ?? null,
    takeFree: command.free,
  });
  const { document, models, refused } = importedCatalog(imported, {
    version: command.version ?? `${command.list}-${command.asOf ?? 'import'}`,
    effectiveFrom: command.effectiveFrom ?? formatInstant(nextEffectiveHour(Date.now())),
    providers: command.provider,
  });
  const text = stringify(document, { lineWidth: 0 });
  if (command.out === undefined) process.stdout.write(text);
  else writeFileSync(command.out, text);
  const lines = [
    ...refused.map(({ entry, reason }) => `not taken\t${entry}\t${reason}`),
    ...imported.leftOut.map(
      ({ entry, field, reason }) => `taken without\t${entry}\t${field}\t${reason}`,
    ),
  ];
  const report = `${lines.join('\n')}\n`;
  if (command.report === undefined) process.stderr.write(report);
  else writeFileSync(command.report, report);
  // The document alone is on standard output.
  const say = (said: string): void => {
    if (command.out === undefined) process.stderr.write(`${said}\n`);
    else progress.say(said);
  };
  say(
    `${models} models; ${refused.length} entries not taken, ${imported.leftOut.length} prices left out`,
  );
  const isPublishable = saysWhyNot(text, say);
  if (command.out !== undefined)
    progress.result({ models, refused, left_out: imported.leftOut, publishable: isPublishable });
  return isPublishable;
}

function saysWhyNot(text: string, say: (said: string) => void): boolean {
  const size = Buffer.byteLength(text);
  if (size > MOST_BYTES)
    say(
      `it has ${size} bytes and ${MOST_BYTES} can be published: choose providers with --provider`,
    );
  const parsed = parseCatalogText(text, 'application/yaml');
  for (const fault of 'problems' in parsed ? parsed.problems : [])
    say(`line ${fault.line}: ${fault.pointer} ${fault.detail}`);
  return size <= MOST_BYTES && 'catalog' in parsed;
}
