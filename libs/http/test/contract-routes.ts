// The routes that http-contract.md promises, by service; a service's OpenAPI document must tell every one of them. The edge's is the
// union of the four (apps/edge/domain/merge-openapi.ts).

const ORGANIZATION = '/v1/organizations/{}';

export const CONTRACT_ROUTES = {
  ingest: [
    'POST /v1/events',
    'POST /api/v1/events',
    `PUT ${ORGANIZATION}`,
    `GET ${ORGANIZATION}`,
    'GET /v1/organizations',
    `POST ${ORGANIZATION}/tier`,
    `PUT ${ORGANIZATION}/spend-limit`,
    `POST ${ORGANIZATION}/overrides`,
    `POST ${ORGANIZATION}/credits`,
    `POST ${ORGANIZATION}/api-keys`,
    `DELETE ${ORGANIZATION}/api-keys/{}`,
    'POST /v1/catalog',
  ],
  metering: [
    'GET /v1/usage',
    'GET /v1/events',
    'GET /v1/sequence-gaps',
    'GET /v1/suspense',
    'GET /v1/rejected',
    'GET /v1/organization/usage/completions',
  ],
  quota: [
    'POST /v1/reservations',
    'GET /v1/reservations/{}',
    'DELETE /v1/reservations/{}',
    'POST /v1/reservations/{}/extend',
    'POST /v1/reservations/{}/settle',
    `GET ${ORGANIZATION}/limits`,
    `GET ${ORGANIZATION}/spend`,
    'GET /v1/decisions/{}',
  ],
  invoicing: [
    `GET ${ORGANIZATION}/upcoming-invoice`,
    'POST /v1/billing-runs',
    'GET /v1/billing-runs/{}',
    'GET /v1/invoices',
    'GET /v1/invoices/{}',
    'GET /v1/invoices/{}/lines/{}/events',
    'POST /v1/invoices/{}/verify',
    'POST /v1/invoices/{}/void',
    'POST /v1/invoices/{}/credit-notes',
    'POST /v1/invoices/{}/payments',
    'GET /v1/invoices/{}/payments',
    'GET /v1/parked-invoices',
    'GET /v1/reconciliation',
    'POST /v1/webhooks',
    'GET /v1/webhooks',
    'DELETE /v1/webhooks/{}',
    'POST /v1/webhooks/{}/rotate',
    'GET /v1/exports/focus',
    'POST /v1/simulations',
    'GET /v1/simulations/{}',
    'GET /v1/comparison',
    'POST /v1/price-lists',
    'GET /v1/price-lists/current',
    'GET /v1/catalog',
    'GET /v1/catalog/{}',
    'GET /v1/catalog/versions',
    'GET /v1/organization/costs',
  ],
} as const;

/** What the document does not tell of a service's promises: a route, or which body a POST or PUT takes. */
export function untold(service: keyof typeof CONTRACT_ROUTES, document: unknown): string[] {
  const { paths } = document as { paths: Record<string, Record<string, Operation>> };
  const told = new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([verb, operation]) => [
        `${verb.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '{}')}`,
        operation,
      ]),
    ),
  );
  return CONTRACT_ROUTES[service].flatMap((route) => {
    const operation = told.get(route);
    if (!operation) return [`${route} is not told`];
    if (!operation.responses?.['default']) return [`${route} tells no problem`];
    const hasBody = /^(POST|PUT)/.test(route) && !WITHOUT_BODY.test(route);
    return hasBody && !operation.requestBody ? [`${route} tells no body`] : [];
  });
}

interface Operation {
  readonly requestBody?: unknown;
  readonly responses?: Readonly<Record<string, unknown>>;
}

const WITHOUT_BODY = /\/(verify|rotate)$/;
