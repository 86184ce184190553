// Who calls, and what they may do. Every route names a scope or says that it is public; one that does neither stops the start.
// The key is checked before a byte of the body is read.
import { createParamDecorator, type ExecutionContext, type Provider } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Scope } from '../events/account-facts.js';
import type { Clock } from '../time/instant.js';
import { Authenticator, type Caller } from './authenticator.js';
import { KeyDirectory } from './keys.js';
import { invalidField, notFound } from './problem.js';
import { routeFacts } from './route-facts.js';

export type { Caller } from './authenticator.js';

interface CallerRequest extends FastifyRequest {
  caller?: Caller;
}

/** The route needs one of these scopes; `admin` has them all. On a class: for each method that does not say otherwise. */
export const RequireScope = (...scopes: [Scope, ...Scope[]]): ClassDecorator & MethodDecorator =>
  routeFacts({ access: scopes });

/** The route needs no key. */
export const Public = (): ClassDecorator & MethodDecorator => routeFacts({ access: 'public' });

/** The caller, in a handler's parameters. */
export const CurrentCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext): Caller => {
    const { caller } = context.switchToHttp().getRequest<CallerRequest>();
    if (!caller) throw new Error('a public route has no caller');
    return caller;
  },
);

/** The caller of a request; undefined on public routes. */
export function callerOf(request: FastifyRequest): Caller | undefined {
  return (request as CallerRequest).caller;
}

/** Notes who calls; the gate does it once the key was checked. */
export function setCaller(request: FastifyRequest, caller: Caller): void {
  (request as CallerRequest).caller = caller;
}

/** Another organization's object looks as if it were not there: 404 `unknown_organization`. */
export function assertMayRead(caller: Caller, organization: string): void {
  if (caller.organization !== null && caller.organization !== organization)
    throw notFound('unknown_organization', `There is no organization ${organization}.`);
}

/** The organization that a request is about: the key's own, or the one asked for (at `pointer`) with a key that is bound to none. */
export function organizationOf(
  caller: Caller,
  asked?: string | null,
  pointer = '?organization',
): string {
  const organization = asked ?? caller.organization;
  if (organization === null)
    throw invalidField(
      pointer,
      'is needed with a key that is bound to no organization',
      'missing_field',
    );
  assertMayRead(caller, organization);
  return organization;
}

/** The providers that check the callers of an app; its keys come from its provider of `KeyDirectory`. */
export function authProviders(adminKey: string, clock: Clock): Provider[] {
  const useFactory = (keys?: KeyDirectory): Authenticator =>
    new Authenticator(adminKey, clock, keys);
  const inject = [{ token: KeyDirectory, optional: true }];
  return [{ provide: Authenticator, useFactory, inject }];
}
