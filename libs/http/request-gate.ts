// The gate of every route, before its body is read: who calls, and whether the route knows what it is asked.
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { setCaller } from './auth.js';
import type { KeyDoor } from './key-door.js';
import { isLocalCaller } from './local-caller.js';
import { type FieldError, invalidRequest } from './problem.js';
import { type RouteShape, shapeOf } from './route-shape.js';

type Done = (error?: Error) => void;
type Hook = (request: FastifyRequest, reply: FastifyReply, done: Done) => void;

const AT_LEAST = 'meterbook-at-least';
const MOST_ERRORS = 20;

/** Adds the hooks of a route as Fastify registers it; throws when nothing says who may call it: the start must fail. */
export function gateRoute(route: RouteOptions, keys: KeyDoor): void {
  const { access, handler, isOpenLocally = false } = route.config?.meterbook ?? {};
  if (access === undefined)
    throw new Error(
      `${[route.method].flat().join(', ')} ${route.url} needs @RequireScope or @Public`,
    );
  const shape = handler && shapeOf(handler);
  const hooks = [
    ...(access === 'public' ? [] : [keyHook(access, keys, isOpenLocally)]),
    ...(shape?.query ? [queryHook(shape, shape.query)] : []),
  ];
  route.onRequest = [...hooks, ...[route.onRequest ?? []].flat()] as never;
  if (shape && !shape.readsBody)
    route.preHandler = [refuseBody, ...[route.preHandler ?? []].flat()] as never;
}

function keyHook(
  scopes: Parameters<KeyDoor['admit']>[1],
  keys: KeyDoor,
  isOpenLocally: boolean,
): Hook {
  return (request, _reply, done) => {
    if (isOpenLocally && isLocalCaller(request)) {
      done();
      return;
    }
    const admitted = keys.admit(request, scopes);
    if (!(admitted instanceof Promise)) {
      setCaller(request, admitted);
      done();
      return;
    }
    admitted
      .then((caller) => setCaller(request, caller))
      .then(
        () => done(),
        (error: unknown) => done(error as Error),
      );
  };
}

function queryHook(shape: RouteShape, known: ReadonlySet<string>): Hook {
  return (request, _reply, done) => {
    const query = request.query as Record<string, unknown>;
    const atLeast = request.headers[AT_LEAST];
    // The header is the same as the parameter, on routes that know the parameter.
    if (typeof atLeast === 'string' && known.has('at_least')) query['at_least'] ??= atLeast;
    const errors = Object.entries(query).flatMap(([name, value]) =>
      queryErrors(name, value, shape, known),
    );
    done(errors.length > 0 ? invalidRequest(errors.slice(0, MOST_ERRORS)) : undefined);
  };
}

function queryErrors(
  raw: string,
  value: unknown,
  { lists }: RouteShape,
  known: ReadonlySet<string>,
): FieldError[] {
  const name = raw.endsWith('[]') && lists.has(raw.slice(0, -2)) ? raw.slice(0, -2) : raw;
  const pointer = `?${name}`;
  if (!known.has(name))
    return [{ pointer, code: 'unknown_parameter', detail: 'is not a parameter of this route' }];
  if (Array.isArray(value) && !lists.has(name))
    return [{ pointer, code: 'repeated_parameter', detail: 'is given more than once' }];
  // Postgres has no NUL in a text: nothing that we keep can have this value.
  if ([value].flat().some((text) => String(text).includes('\0')))
    return [{ pointer, code: 'invalid_value', detail: 'holds a NUL' }];
  return [];
}

// A route without a body parameter would ignore what it is sent.
function refuseBody(request: FastifyRequest, _reply: FastifyReply, done: Done): void {
  const { body } = request;
  const names = typeof body === 'object' && body !== null ? Object.keys(body) : [];
  const errors = names.slice(0, MOST_ERRORS).map((name) => ({
    pointer: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    code: 'unknown_field',
    detail: 'is not a field: this route takes no body',
  }));
  done(errors.length > 0 ? invalidRequest(errors) : undefined);
}
