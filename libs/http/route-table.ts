// The routes of an app, to answer 405 with `allow` where a path exists but not the method.

export class RouteTable {
  private readonly routes: { readonly pattern: RegExp; readonly method: string }[] = [];

  /** Notes a route as Fastify registers it: `/v1/organizations/:id`. */
  add(method: string | readonly string[], path: string): void {
    const source = path
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : escape(part)))
      .join('/');
    const pattern = new RegExp(`^${source}/?$`);
    for (const one of [method].flat()) this.routes.push({ pattern, method: one });
  }

  /** The methods of a path, sorted; [] when nothing is there. */
  methodsOf(path: string): string[] {
    const methods = this.routes
      .filter(({ pattern }) => pattern.test(path))
      .map(({ method }) => method);
    return [...new Set(methods)].toSorted();
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
