// One OpenAPI document out of those of the services: every route once, schemas of the same name kept apart when they differ.

export interface OpenApi {
  readonly openapi: string;
  readonly info: Readonly<Record<string, unknown>>;
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Each service answers these for itself; the edge has its own. */
const OWN = /^\/(health\/|metrics$|openapi\.json$|ops\/)/;

/** Merges documents by service name; the first of `documents` gives the head. */
export function mergeOpenApi(own: OpenApi, documents: ReadonlyMap<string, OpenApi>): OpenApi {
  const paths: Record<string, Readonly<Record<string, unknown>>> = { ...own.paths };
  const components: Record<string, Readonly<Record<string, unknown>>> = { ...own.components };
  for (const [service, document] of documents) {
    const renamed = withOwnNames(service, document, components['schemas'] ?? {});
    for (const [path, item] of Object.entries(renamed.paths)) {
      if (OWN.test(path)) continue;
      paths[path] = { ...tagged(service, item), ...paths[path] };
    }
    for (const [kind, entries] of Object.entries(renamed.components ?? {}))
      components[kind] = { ...entries, ...components[kind] };
  }
  return { ...own, paths, components };
}

// A schema that another service has under the same name with another content gets the service's name in front.
function withOwnNames(
  service: string,
  document: OpenApi,
  taken: Readonly<Record<string, unknown>>,
): OpenApi {
  const differing = Object.entries(document.components?.['schemas'] ?? {})
    .filter(([name, schema]) => name in taken && !isSame(taken[name], schema))
    .map(([name]) => name);
  if (differing.length === 0) return document;
  const prefix = service.charAt(0).toUpperCase() + service.slice(1);
  let text = JSON.stringify(document);
  for (const name of differing)
    text = text
      .replaceAll(`"#/components/schemas/${name}"`, `"#/components/schemas/${prefix}${name}"`)
      .replaceAll(`"${name}":{`, `"${prefix}${name}":{`);
  return JSON.parse(text) as OpenApi;
}

function tagged(service: string, item: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(item).map(([method, operation]) => [
      method,
      { ...(operation as object), tags: [service] },
    ]),
  );
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
