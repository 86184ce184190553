// Which service answers a request of the edge. By path, and by method where two services share one.

export const UPSTREAMS = ['ingest', 'metering', 'quota', 'invoicing'] as const;
export type Upstream = (typeof UPSTREAMS)[number];

interface Rule {
  readonly path: RegExp;
  readonly method?: 'GET' | 'POST';
  readonly to: Upstream;
}

// The first rule that fits counts. `routing.flow` asks the running services whether each of their routes is found here.
const RULES: readonly Rule[] = [
  { path: /^\/v1\/events$/, method: 'POST', to: 'ingest' },
  { path: /^\/v1\/catalog$/, method: 'POST', to: 'ingest' },
  { path: /^\/api\/v1\/events$/, to: 'ingest' },
  { path: /^\/v1\/organizations\/[^/]+\/(limits|spend|reservations)$/, to: 'quota' },
  { path: /^\/v1\/organizations\/[^/]+\/(upcoming-invoice|credit-balance)$/, to: 'invoicing' },
  { path: /^\/v1\/(organizations|api-keys|backfills)(\/|$)/, to: 'ingest' },
  { path: /^\/v1\/(usage|events|sequence-gaps|suspense|rejected)(\/|$)/, to: 'metering' },
  { path: /^\/v1\/organization\/usage\//, to: 'metering' },
  { path: /^\/v1\/(reservations|decisions)(\/|$)/, to: 'quota' },
  { path: /^\/\.well-known\/inference-limits/, to: 'quota' },
  { path: /^\/v1\/organization\/costs$/, to: 'invoicing' },
  {
    path: /^\/v1\/(catalog|invoices|parked-invoices|credit-notes|document-chains|billing-runs|webhooks|exports|simulations|comparison|price-lists|reconciliation)(\/|$)/,
    to: 'invoicing',
  },
];

/** Paths that two services share by method, so that neither can say what all of them are. */
const SHARED = /^\/v1\/(events|catalog)$/;

/** The methods of a path that two services share, sorted; undefined for a path that one service has alone. */
export function sharedMethods(path: string): readonly string[] | undefined {
  return SHARED.test(path) ? ['GET', 'HEAD', 'POST'] : undefined;
}

/** The service behind a path without its query, or undefined when no service has it. */
export function upstreamOf(method: string, path: string): Upstream | undefined {
  // A HEAD is answered by whoever answers the GET.
  const asked = method === 'HEAD' ? 'GET' : method;
  return RULES.find((rule) => rule.path.test(path) && (rule.method ?? asked) === asked)?.to;
}
