// An organization's month at the published prices of others: its usage, the models matched to its own, and both totals.
import type { AccountStore } from '#libs/accounts/account.store.js';
import type { CatalogStore } from '#libs/catalog/catalog.store.js';
import { rateMonth } from '#libs/rating/rate-month.js';
import type { UsageRow } from '#libs/rating/usage-row.js';
import type { Period } from '#libs/time/month.js';
import type { UsageHourStore } from '#libs/usage/usage-hour-store.js';
import { type Priced, priceAtListed } from '../domain/comparison.js';
import { type MatchKind, matchModel } from '../domain/model-match.js';
import type { ListedModel, PriceList, PriceListStore } from './price-list.store.js';

export interface ComparingStores {
  readonly accounts: AccountStore;
  readonly catalogs: CatalogStore;
  readonly hours: UsageHourStore;
  readonly priceLists: PriceListStore;
}

/** The usage of one model at one provider. */
export interface Compared extends Priced {
  readonly provider: string;
  readonly model: string;
  readonly matchedModel: string;
  readonly match: MatchKind;
  readonly list: PriceList;
  /** What the organization pays for the same usage, femto-units of its own currency. */
  readonly ownFemto: bigint;
}

export interface Comparison {
  readonly currency: string;
  readonly lists: readonly PriceList[];
  /** By own model, then the cheapest first. */
  readonly compared: readonly Compared[];
  /** Own models with usage that nobody in the lists has. */
  readonly unmatched: readonly string[];
  readonly ownFemto: bigint;
}

export class Comparing {
  constructor(private readonly stores: ComparingStores) {}

  /** undefined: the organization is not registered. */
  async compare(organization: string, period: Period): Promise<Comparison | undefined> {
    const { accounts, catalogs, hours, priceLists } = this.stores;
    const account = await accounts.find(organization);
    if (!account) return undefined;
    const rows = await hours.rowsOf(organization, period);
    const terms = { account, catalogs: await catalogs.versions() };
    const rated = rateMonth({ terms, period, rows });
    const own = new Map<string, bigint>();
    for (const { model, amountFemto, freeFemto, discountFemto } of rated.lines)
      own.set(model, (own.get(model) ?? 0n) + amountFemto - freeFemto - discountFemto);
    const lists = await priceLists.newest();
    const used = Map.groupBy(
      rows.filter(({ quantity }) => quantity !== 'requests'),
      ({ model }) => model,
    );
    const compared = await this.comparedOf(used, lists, own);
    const matched = new Set(compared.map(({ model }) => model));
    return {
      currency: account.profile.currency,
      lists,
      compared: compared.toSorted(byModelAndTotal),
      unmatched: [...used.keys()].filter((model) => !matched.has(model)).toSorted(),
      ownFemto: rated.spentFemto,
    };
  }

  private async comparedOf(
    used: ReadonlyMap<string, readonly UsageRow[]>,
    lists: readonly PriceList[],
    own: ReadonlyMap<string, bigint>,
  ): Promise<Compared[]> {
    const { priceLists } = this.stores;
    const listed = await priceLists.modelsOf(lists.map(({ id }) => id));
    const pairs = [...used.keys()].flatMap((model) => pairsOf(model, listed));
    const prices = await priceLists.pricesOf(pairs.map(({ theirs }) => theirs));
    return pairs.map(({ model, match, theirs }, index) => ({
      ...priceAtListed(used.get(model) ?? [], prices[index] ?? {}),
      provider: theirs.provider,
      model,
      matchedModel: theirs.model,
      match,
      list: lists.find(({ id }) => id === theirs.list) as PriceList,
      ownFemto: own.get(model) ?? 0n,
    }));
  }
}

/** A model that was asked about, and what one provider sells in its place. */
export interface Pair {
  readonly model: string;
  readonly match: MatchKind;
  readonly theirs: ListedModel;
}

/** For each seller in the lists the surest match of a model; none where a seller has nothing like it. */
export function pairsOf(model: string, listed: readonly ListedModel[]): Pair[] {
  const sellers = Map.groupBy(listed, ({ list, provider }) => `${list}\0${provider}`);
  return [...sellers.values()].flatMap((sold) => pairOf(model, sold));
}

function pairOf(model: string, sold: readonly ListedModel[]): Pair[] {
  const names = sold.map((one) => one.model);
  const found = matchModel(model, names);
  if (!found) return [];
  return [{ model, match: found.match, theirs: sold[names.indexOf(found.name)] as ListedModel }];
}

function byModelAndTotal(left: Compared, right: Compared): number {
  if (left.model !== right.model) return left.model < right.model ? -1 : 1;
  if (left.totalFemto !== right.totalFemto) return left.totalFemto < right.totalFemto ? -1 : 1;
  return left.provider < right.provider ? -1 : 1;
}
