// The questions about money: invoices, what they are made of, and what others charge.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { get, withQuery } from './api.js';
import { account } from './queries.js';
import type {
  Comparison,
  CreditBalance,
  CreditNote,
  Invoice,
  LineEvent,
  ListedModels,
} from './billing-types.js';
import type { Page } from './types.js';

export const upcomingQuery = (id: string) =>
  queryOptions({
    queryKey: ['upcoming', id],
    queryFn: async ({ signal }) => get<Invoice>(account(id, '/upcoming-invoice'), signal),
  });

/** A list that is fetched a page at a time, as far as the reader goes. */
const pagedQuery = <Row>(
  queryKey: readonly string[],
  path: string,
  asked: Readonly<Record<string, string>>,
) =>
  infiniteQueryOptions({
    queryKey,
    queryFn: async ({ signal, pageParam }) =>
      get<Page<Row>>(withQuery(path, { ...asked, cursor: pageParam }), signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });

/** Whole documents, so a page of them is a small one. */
export const invoicesQuery = (id: string) =>
  pagedQuery<Invoice>(['invoices', id], '/v1/invoices', { organization: id, limit: '24' });

export const invoicePath = (number: string, rest = ''): string =>
  `/v1/invoices/${encodeURIComponent(number)}${rest}`;

export const invoiceQuery = (number: string) =>
  queryOptions({
    queryKey: ['invoices', 'one', number],
    queryFn: async ({ signal }) => get<Invoice>(invoicePath(number), signal),
  });

export const lineEventsQuery = (number: string, line: string) =>
  pagedQuery<LineEvent>(
    ['line_events', number, line],
    invoicePath(number, `/lines/${encodeURIComponent(line)}/events`),
    { limit: '100' },
  );

export const creditBalanceQuery = (id: string) =>
  queryOptions({
    queryKey: ['credits', id],
    queryFn: async ({ signal }) => get<CreditBalance>(account(id, '/credit-balance'), signal),
  });

/** The credit notes of one invoice. */
export const creditNotesQuery = (organization: string, invoice: string) =>
  pagedQuery<CreditNote>(['invoices', 'credit_notes', organization, invoice], '/v1/credit-notes', {
    organization,
    invoice,
  });

export const comparisonQuery = (id: string, period: string) =>
  queryOptions({
    queryKey: ['comparison', id, period],
    queryFn: async ({ signal }) => {
      const path = withQuery('/v1/comparison', { organization: id, period, limit: '500' });
      return get<Comparison>(path, signal);
    },
  });

/** The first of these models, at most 20, that another provider publishes a price for; null where there is none. */
export const firstListedQuery = (models: readonly string[]) =>
  queryOptions({
    queryKey: ['listed_prices', 'first', ...models],
    queryFn: async ({ signal }) => {
      // The rows stand in the order in which models are asked for.
      const asked = { model: models.slice(0, 20).join(','), limit: '1' };
      const { data } = await get<ListedModels>(withQuery('/v1/price-lists/current', asked), signal);
      return data[0]?.model ?? null;
    },
    staleTime: 60_000,
  });

/** What other providers publish for a model like this one; for anyone. */
export const listedPricesQuery = (model: string) =>
  queryOptions({
    queryKey: ['listed_prices', model],
    queryFn: async ({ signal }) =>
      get<ListedModels>(withQuery('/v1/price-lists/current', { model, limit: '500' }), signal),
    staleTime: 60_000,
  });
