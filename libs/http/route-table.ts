// The routes of an app: what /openapi.json describes, and which methods a path has, for `allow`.
import type { RouteFacts } from './route-facts.js';

export interface Route {
  readonly method: string;
  /** As Fastify has it: `/v1/organizations/:id`. */
  readonly path: string;
  readonly facts: RouteFacts;
}

/** Filled while routes are registered. */
export class RouteTable {
  private readonly known: (Route & { readonly pattern: RegExp })[] = [];

  /** Notes a route as Fastify registers it. */
  add(method: string | readonly string[], path: string, facts: RouteFacts): void {
    const source = path
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : escape(part)))
      .join('/');
    const pattern = new RegExp(`^${source}$`);
    for (const one of [method].flat()) this.known.push({ method: one, path, facts, pattern });
  }

  get routes(): readonly Route[] {
    return this.known;
  }

  /** The methods of a path, sorted; [] when nothing is there. */
  methodsOf(path: string): string[] {
    const methods = this.known
      .filter(({ pattern }) => pattern.test(path))
      .map(({ method }) => method);
    return [...new Set(methods)].toSorted();
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
