// Imported prices as a catalog document that can be published.
import { CONTEXT_BOUNDS } from '#libs/rating/context-bounds.js';
import { perUnit } from '#libs/rating/charge/charge.js';
import type {
  Imported,
  ImportedModel,
  ImportedPrice,
  RefusedEntry,
} from '#libs/rating/import/imported-model.js';
import { priceCell } from '#libs/rating/price-cell.js';

export interface CatalogHead {
  readonly version: string;
  /** RFC 3339, a whole UTC hour. */
  readonly effectiveFrom: string;
  /** Only these providers; empty: all. */
  readonly providers: readonly string[];
}

export interface ImportedCatalog {
  readonly document: Readonly<Record<string, unknown>>;
  readonly models: number;
  readonly refused: readonly RefusedEntry[];
}

/**
 * The document of the chosen providers' models, with one metered tier. A model is named as its list names it; where two providers
 * name one alike, all are named `provider/model`. Refused are, beside what the importer refused, models whose prices no catalog can hold.
 */
export function importedCatalog(imported: Imported, head: CatalogHead): ImportedCatalog {
  const { providers } = head;
  const chosen = imported.models.filter(
    ({ provider }) => providers.length === 0 || providers.includes(provider),
  );
  const isUnique = new Set(chosen.map(({ model }) => model)).size === chosen.length;
  const models: Record<string, object> = {};
  const refused: RefusedEntry[] = [...imported.refused];
  for (const model of chosen) {
    const name = isUnique ? model.model : `${model.provider}/${model.model}`;
    const reason = Object.hasOwn(models, name) ? 'is in the list twice' : whyNot(name, model);
    if (reason === undefined) models[name] = modelDocument(model);
    else refused.push({ entry: name, reason });
  }
  const { source = 'an imported list', asOf = null } = chosen[0] ?? {};
  const document = {
    version: head.version,
    effective_from: head.effectiveFrom,
    currency: 'USD',
    title: `Imported from the ${source}${asOf === null ? '' : ` of ${asOf}`}`,
    sources: { imported: `${source}${asOf === null ? '' : `, ${asOf}`}` },
    models,
    tiers: { developer: { monthly_fee: '0', usage: 'metered' } },
  };
  return { document, models: Object.keys(models).length, refused };
}

function whyNot(name: string, { prices }: ImportedModel): string | undefined {
  if (!/^[!-~]{1,256}$/.test(name)) return 'its name has a space or a letter beyond ASCII';
  const bounds = Object.values(prices).flatMap((table) =>
    Object.values(table).flatMap(({ aboveContext }) => aboveContext.map(({ tokens }) => tokens)),
  );
  const odd = bounds.find((tokens) => !CONTEXT_BOUNDS.some((bound) => bound === tokens));
  if (odd === undefined) return undefined;
  return `has a price above ${odd} tokens; usage is kept by ${CONTEXT_BOUNDS.join(', ')}`;
}

function modelDocument({ prices, contextWindow, maxOutputTokens }: ImportedModel) {
  return {
    ...(contextWindow === null ? {} : { context_window: contextWindow }),
    ...(maxOutputTokens === null ? {} : { max_output_tokens: maxOutputTokens }),
    sources: ['imported'],
    prices: Object.fromEntries(
      Object.entries(prices).map(([tier, table]) => [
        tier,
        Object.fromEntries(Object.entries(table).map(([pool, price]) => [pool, cellOf(price)])),
      ]),
    ),
  };
}

function cellOf({ femtoPerUnit, aboveContext }: ImportedPrice) {
  return priceCell({
    charge: perUnit(femtoPerUnit),
    aboveContext: aboveContext.map((above) => ({
      tokens: above.tokens,
      charge: perUnit(above.femtoPerUnit),
    })),
  });
}
