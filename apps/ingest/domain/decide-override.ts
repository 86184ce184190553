// An organization's own prices and limits for one model, and its own conditions for all usage. Prices and conditions act on whole
// hours, limits alone at once.
import type { Account } from '#libs/events/account.js';
import { type AccountFact, LIMIT_NAMES } from '#libs/events/account-facts.js';
import { QUANTITIES, type ServiceTier } from '#libs/events/quantities.js';
import type { WrittenContract, WrittenPrice } from '#libs/events/written-terms.js';
import { contractFaults } from '#libs/rating/contract-faults.js';
import { priceFaults } from '#libs/rating/price-faults.js';
import { formatInstant } from '#libs/time/instant.js';
import type { Ground } from './decide-organization.js';
import {
  limitInstantFault,
  priceInstant,
  priceInstantFault,
  wholeHourFault,
} from './effective-time.js';
import { decided, type Decided, type Fault } from './fault.js';

export interface AskedOverride {
  readonly overrideId: string;
  /** null: only conditions for all usage. */
  readonly model: string | null;
  readonly serviceTier: ServiceTier | null;
  /** Limits of one project; absent: the organization's. */
  readonly project?: string;
  /** As sent: names and values are checked here. */
  readonly prices: Readonly<Record<string, unknown>>;
  readonly limits: Readonly<Record<string, unknown>>;
  /** As sent; empty: none. */
  readonly contract: WrittenContract;
  readonly effectiveFrom: number | undefined;
  readonly effectiveTo: number | null;
}

/** The override as a fact; faults name each price and limit that is none (`/prices/tokens`). */
export function decideOverride(
  ground: Ground,
  account: Account,
  asked: AskedOverride,
): Decided<AccountFact & { type: 'OverrideGranted' }> {
  const { overrideId, model, serviceTier, effectiveTo, contract } = asked;
  const hasContract = Object.keys(contract).length > 0;
  const hasPrices = Object.keys(asked.prices).length > 0 || hasContract;
  const effectiveFrom = hasPrices
    ? priceInstant(asked.effectiveFrom, ground.now)
    : (asked.effectiveFrom ?? ground.now);
  return decided(
    {
      type: 'OverrideGranted',
      version: 1,
      recordedAt: ground.now,
      organization: account.id,
      overrideId,
      ...(asked.project === undefined ? {} : { project: asked.project }),
      model,
      serviceTier,
      prices: asked.prices as Readonly<Record<string, WrittenPrice>>,
      limits: asked.limits,
      ...(hasContract ? { contract } : {}),
      effectiveFrom,
      effectiveTo,
    },
    [
      modelFault(ground, asked),
      hasPrices && asked.project !== undefined ? PROJECT_PRICE : undefined,
      hasPrices || Object.keys(asked.limits).length > 0
        ? undefined
        : { pointer: '', code: 'empty_override', detail: 'give prices, limits or conditions' },
      ...Object.entries(asked.prices).flatMap(([pool, price]) => faultsOfPrice(pool, price)),
      ...contractFaults('', contract),
      ...Object.entries(asked.limits).map(([name, limit]) => limitFault(name, limit)),
      hasPrices
        ? priceInstantFault(asked.effectiveFrom, ground.now)
        : limitInstantFault(asked.effectiveFrom, ground.now),
      endFault(asked, effectiveFrom, hasPrices, ground.now),
    ],
  );
}

const PROJECT_PRICE: Fault = {
  pointer: '/prices',
  code: 'project_price',
  detail: 'a project has limits, no prices and no conditions',
};

function modelFault({ newest }: Ground, asked: AskedOverride): Fault | undefined {
  const { model } = asked;
  if (model === null) {
    const hasRows = [asked.prices, asked.limits].some((rows) => Object.keys(rows).length > 0);
    if (!hasRows && asked.serviceTier === null) return undefined;
    const detail = 'prices, limits and service_tier are of a model: name it';
    return { pointer: '/model', code: 'missing_field', detail };
  }
  if (!newest || Object.hasOwn(newest.models, model)) return undefined;
  return {
    pointer: '/model',
    code: 'unknown_model',
    detail: `catalog ${newest.version} has no model "${model}"`,
  };
}

// A decimal that is none is an invalid_price, whatever is wrong with it; inside a charge model each field has its own rule.
function faultsOfPrice(pool: string, price: unknown): Fault[] {
  const pointer = `/prices/${pointerPart(pool)}`;
  if (!QUANTITIES.some((quantity) => quantity === pool))
    return [{ pointer, code: 'unknown_pool', detail: `a pool is one of ${QUANTITIES.join(', ')}` }];
  return priceFaults(pointer, price).map((fault) =>
    fault.pointer === pointer ? { ...fault, code: 'invalid_price' } : fault,
  );
}

function limitFault(name: string, limit: unknown): Fault | undefined {
  const pointer = `/limits/${pointerPart(name)}`;
  if (!LIMIT_NAMES.some((known) => known === name))
    return {
      pointer,
      code: 'unknown_limit',
      detail: `a limit is one of ${LIMIT_NAMES.join(', ')}`,
    };
  if (limit === null || (Number.isSafeInteger(limit) && (limit as number) >= 0)) return undefined;
  const detail = 'a limit is a whole number from 0, or null for none';
  return { pointer, code: 'invalid_limit', detail };
}

function endFault(
  asked: AskedOverride,
  effectiveFrom: number,
  hasPrices: boolean,
  now: number,
): Fault | undefined {
  if (asked.effectiveTo === null) return undefined;
  if (asked.effectiveTo <= effectiveFrom)
    return {
      pointer: '/effective_to',
      code: 'empty_period',
      detail: `it must lie after ${formatInstant(effectiveFrom)}, when the override begins`,
    };
  return hasPrices ? wholeHourFault(asked.effectiveTo, '/effective_to', now) : undefined;
}

// RFC 6901: a name in a pointer escapes ~ and /.
function pointerPart(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
