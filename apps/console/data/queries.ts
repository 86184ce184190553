// Every question that the console asks, with the first word of its key naming the kind of fact: live events invalidate by it.
import { queryOptions, replaceEqualDeep } from '@tanstack/react-query';
import type { Published } from '../domain/published.js';
import { ApiError, get, withQuery } from './api.js';
import type { Decision, Limits, Organization, Page, Session, Spend, UsageRow } from './types.js';

/** The parts of the system that a page may have to do without. */
export type Part =
  | 'published'
  | 'session'
  | 'organization'
  | 'limits'
  | 'spend'
  | 'usage'
  | 'upcoming'
  | 'invoices'
  | 'line_events'
  | 'credit_notes'
  | 'credits'
  | 'decision'
  | 'comparison'
  | 'listed_prices';

export const account = (id: string, rest = ''): string =>
  `/v1/organizations/${encodeURIComponent(id)}${rest}`;

/** Who is signed in; null when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await get<Session>('/session', signal);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export const publishedQuery = queryOptions({
  queryKey: ['published'],
  queryFn: async ({ signal }) => get<Published>('/.well-known/inference-limits.json', signal),
  staleTime: 60_000,
});

export const organizationsQuery = queryOptions({
  queryKey: ['organizations'],
  queryFn: async ({ signal }) =>
    get<Page<Pick<Organization, 'id' | 'name'>>>('/v1/organizations?limit=500', signal),
  staleTime: 60_000,
});

export const organizationQuery = (id: string) =>
  queryOptions({
    queryKey: ['organization', id],
    queryFn: async ({ signal }) => get<Organization>(account(id), signal),
  });

export const limitsQuery = (id: string) =>
  queryOptions({
    queryKey: ['limits', id],
    queryFn: async ({ signal }) => get<Limits>(account(id, '/limits'), signal),
    // A bucket refills while nothing happens, and no event tells: while something is used the numbers are asked for again.
    refetchInterval: ({ state }) => untilBack(state) || (isInUse(state.data) ? 5_000 : 30_000),
  });

export const spendQuery = (id: string, period?: string) =>
  queryOptions({
    queryKey: ['spend', id, period],
    queryFn: async ({ signal }) => get<Spend>(withQuery(account(id, '/spend'), { period }), signal),
    refetchInterval: ({ state }) => untilBack(state) || 60_000,
  });

export const decisionQuery = (id: string) =>
  queryOptions({
    queryKey: ['decision', id],
    queryFn: async ({ signal }) => get<Decision>(`/v1/decisions/${encodeURIComponent(id)}`, signal),
  });

export interface UsageQuestion {
  readonly organization: string;
  readonly from: string;
  readonly to: string;
  readonly window?: 'hour' | 'day' | 'month' | undefined;
  readonly group_by?: string | undefined;
  readonly model?: string | undefined;
  readonly project?: string | undefined;
  readonly service_tier?: string | undefined;
  readonly api_key?: string | undefined;
}

/** More rows than this are not fetched into a page; `isWhole` is false then. A month by the hour of 20 models is 14,880. */
export const MOST_ROWS = 20_000;

export interface UsageRows {
  readonly rows: readonly UsageRow[];
  readonly isWhole: boolean;
}

export const usageQuery = (question: UsageQuestion) =>
  queryOptions({
    queryKey: ['usage', question],
    queryFn: async ({ signal }): Promise<UsageRows> => {
      const rows: UsageRow[] = [];
      let cursor: string | undefined;
      do {
        const path = withQuery('/v1/usage', { ...question, limit: '500', cursor });
        const page = await get<Page<UsageRow>>(path, signal);
        rows.push(...page.data);
        cursor = page.next_cursor ?? undefined;
      } while (cursor !== undefined && rows.length < MOST_ROWS);
      return { rows, isWhole: cursor === undefined };
    },
    refetchInterval: ({ state }) => untilBack(state) || (isLarge(state.data) ? 15_000 : false),
    // Comparing 15,000 rows with those before takes longer than drawing them.
    structuralSharing: (before, now) => (isLarge(now) ? now : replaceEqualDeep(before, now)),
  });

/** A part that was away is asked for again this often, so that a page mends itself. */
const UNTIL_BACK_MS = 5_000;

/** The interval of a question whose last answer was an outage; false otherwise: what was refused is refused again. */
export function untilBack({ error }: { readonly error: unknown }): number | false {
  return error instanceof ApiError && error.isOutage ? UNTIL_BACK_MS : false;
}

/** Too much to be fetched again at each event: it is renewed four times a minute instead (data/live.ts leaves it out). */
export function isLarge(data: unknown): boolean {
  return ((data as Partial<UsageRows> | undefined)?.rows?.length ?? 0) > 2_000;
}

function isInUse(limits: Limits | undefined): boolean {
  return (
    limits?.models.some(({ limits: each }) => each.some(({ used }) => (used ?? 0n) > 0n)) ?? false
  );
}
