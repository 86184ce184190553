// Who calls, and what they may do. Every route names a scope or says that it is public; one that does neither stops the start.
import { timingSafeEqual } from 'node:crypto';
import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  type Provider,
  SetMetadata,
} from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Scope } from '../events/account-facts.js';
import type { Clock } from '../time/instant.js';
import { hashApiKey, parseApiKey } from './api-key.js';
import { KeyDirectory, type StoredKey } from './keys.js';
import { isOpenAiShaped, markOpenAi } from './openai-errors.js';
import { invalidField, notFound, Problem } from './problem.js';

/** Who calls: the key's id, the organization that it is bound to (null: none), its scopes. */
export interface Caller {
  readonly keyId: string;
  readonly organization: string | null;
  readonly scopes: readonly Scope[];
}

interface CallerRequest extends FastifyRequest {
  caller?: Caller;
}

const SCOPE = 'meterbook:scope';
const PUBLIC = 'meterbook:public';

/** The route needs one of these scopes; `admin` has them all. */
export const RequireScope = (...scopes: [Scope, ...Scope[]]): ClassDecorator & MethodDecorator =>
  SetMetadata(SCOPE, scopes);

/** The route needs no key. */
export const Public = (): ClassDecorator & MethodDecorator => SetMetadata(PUBLIC, true);

/** The caller, in a handler's parameters. */
export const CurrentCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext): Caller => {
    const { caller } = context.switchToHttp().getRequest<CallerRequest>();
    if (!caller) throw new Error('a public route has no caller');
    return caller;
  },
);

/** The caller of a request that a hook or filter looks at; undefined before the guard and on public routes. */
export function callerOf(request: FastifyRequest): Caller | undefined {
  return (request as CallerRequest).caller;
}

/** The scopes that a handler accepts; undefined on a public one. Throws when it says neither: the start must fail. */
export function scopesOf(handler: object, controller: object): readonly Scope[] | undefined {
  const own = (key: string): unknown =>
    Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller);
  const scopes = own(SCOPE) as readonly Scope[] | undefined;
  if (scopes === undefined && !own(PUBLIC))
    throw new Error(
      `${String((handler as { name?: string }).name)} needs @RequireScope or @Public`,
    );
  return scopes;
}

/** Another organization's object looks as if it were not there: 404 `unknown_organization`. */
export function assertMayRead(caller: Caller, organization: string): void {
  if (caller.organization !== null && caller.organization !== organization)
    throw notFound('unknown_organization', `There is no organization ${organization}.`);
}

/** The organization that a request is about: the key's own, or the one asked for with a key that is bound to none. */
export function organizationOf(caller: Caller, asked?: string): string {
  const organization = asked ?? caller.organization;
  if (organization === null)
    throw invalidField(
      '?organization',
      'is needed with a key that is bound to no organization',
      'missing_field',
    );
  assertMayRead(caller, organization);
  return organization;
}

/** Every scope: what the first admin key has. */
const ALL: readonly Scope[] = ['admin'];

/** Checks keys: form and checksum first, then the stored hash in constant time; an unknown id does the same work. */
@Injectable()
export class AuthGuard implements CanActivate {
  private readonly admin: StoredKey;

  constructor(
    private readonly reflector: Reflector,
    private readonly keys: KeyDirectory,
    adminKey: string,
    private readonly clock: Clock,
  ) {
    const parsed = parseApiKey(adminKey);
    if (!parsed)
      throw new Error(
        'MB_ADMIN_KEY must be a key like mb_<8 id>_<38 secret and checksum>: `meterbook key` makes one',
      );
    const hash = hashApiKey(adminKey);
    this.admin = {
      id: parsed.id,
      hash,
      organization: null,
      scopes: ALL,
      expiresAt: null,
      revokedAt: null,
    };
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const request = context.switchToHttp().getRequest<CallerRequest>();
    if (isOpenAiShaped(context.getClass())) markOpenAi(request);
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, targets)) return true;
    const scopes =
      this.reflector.getAllAndOverride<readonly Scope[] | undefined>(SCOPE, targets) ?? ALL;
    const caller = await this.authenticate(request.headers.authorization);
    request.caller = caller;
    if (!scopes.some((scope) => mayDo(caller, scope)))
      throw new Problem(403, 'missing_scope', `This key lacks the scope ${scopes.join(' or ')}.`);
    return true;
  }

  private async authenticate(header: string | undefined): Promise<Caller> {
    const text = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
    if (text === undefined)
      throw unauthorized('missing_api_key', 'Send the API key as Authorization: Bearer mb_…');
    const parsed = parseApiKey(text);
    if (!parsed) throw unauthorized('invalid_api_key', 'This is not a well-formed API key.');
    const stored = parsed.id === this.admin.id ? this.admin : await this.keys.find(parsed.id);
    // The work for an id that is not there is the same: the answer's time tells nothing.
    const isRight =
      sameHash(hashApiKey(text), stored?.hash ?? this.admin.hash) && stored !== undefined;
    if (!isRight) throw unauthorized('invalid_api_key', 'There is no such API key.');
    if (stored.revokedAt !== null)
      throw unauthorized('revoked_api_key', 'This API key was revoked.');
    if (stored.expiresAt !== null && stored.expiresAt <= this.clock())
      throw unauthorized('expired_api_key', 'This API key has expired.');
    return { keyId: stored.id, organization: stored.organization, scopes: stored.scopes };
  }
}

/** The providers that guard every route of an app. It must also provide `KeyDirectory`. */
export function authProviders(adminKey: string, clock: Clock): Provider[] {
  const useFactory = (reflector: Reflector, keys: KeyDirectory): AuthGuard =>
    new AuthGuard(reflector, keys, adminKey, clock);
  return [{ provide: APP_GUARD, useFactory, inject: [Reflector, KeyDirectory] }];
}

function mayDo(caller: Caller, scope: Scope): boolean {
  return caller.scopes.includes(scope) || caller.scopes.includes('admin');
}

function sameHash(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}

function unauthorized(code: string, detail: string): Problem {
  return new Problem(401, code, detail, {
    headers: { 'www-authenticate': 'Bearer realm="meterbook"' },
  });
}
