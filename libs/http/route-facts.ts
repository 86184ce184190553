// What the decorators of a handler say about its route, carried to Fastify in the route's `config`: hooks and the problem writer
// then know it before a byte of the body is read.
import { RouteConfig } from '@nestjs/platform-fastify';
import type { Scope } from '../events/account-facts.js';
import type { BodySchemas, DescribedAnswer } from './described-shapes.js';

export interface RouteFacts {
  /** Scopes of which the caller needs one, or that no key is needed. */
  readonly access?: readonly Scope[] | 'public';
  /** No key is needed by a caller on this machine (local-caller.ts). */
  readonly isOpenLocally?: boolean;
  readonly openAi?: boolean;
  readonly idempotent?: boolean;
  /** For the OpenAPI document only (described.ts). */
  readonly body?: BodySchemas;
  readonly answers?: Readonly<Record<number, DescribedAnswer>>;
  readonly handler?: Handler;
}

/** The controller's class and the name of the method that answers. */
export interface Handler {
  readonly controller: { readonly name: string; readonly prototype: object };
  readonly method: string;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    meterbook?: RouteFacts;
  }
}

/** The `config` of a route that is registered on Fastify itself and needs no key. */
export const PUBLIC_ROUTE: { readonly meterbook: RouteFacts } = {
  meterbook: { access: 'public' },
};

/** The `config` of a route for scrapers: this machine, or a key for operations. */
export const OPS_ROUTE: { readonly meterbook: RouteFacts } = {
  meterbook: { access: ['ops'], isOpenLocally: true },
};

const KEY = RouteConfig({}).KEY;

/** A decorator that notes facts on a method, or on those methods of a class that do not say otherwise themselves. */
export function routeFacts(facts: RouteFacts): ClassDecorator & MethodDecorator {
  return (target: object, name?: string | symbol) => {
    if (name !== undefined) {
      note(target, String(name), (known) => ({ ...known, ...facts }));
      return;
    }
    const { prototype } = target as { prototype: object };
    for (const method of routesOf(prototype))
      note(prototype, method, (known) => ({ ...facts, ...known }));
  };
}

function note(prototype: object, method: string, merge: (known: RouteFacts) => RouteFacts): void {
  const route = (prototype as Record<string, object>)[method] as object;
  const config = Reflect.getOwnMetadata(KEY, route) as { meterbook?: RouteFacts } | undefined;
  const handler = { controller: prototype.constructor, method };
  const meterbook = { ...merge(config?.meterbook ?? {}), handler };
  Reflect.defineMetadata(KEY, { ...config, meterbook }, route);
}

// The methods that answer a route: Nest has noted a path on them.
function routesOf(prototype: object): string[] {
  return Object.getOwnPropertyNames(prototype).filter((name) => {
    const method: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
    return typeof method === 'function' && Reflect.hasOwnMetadata('path', method);
  });
}
