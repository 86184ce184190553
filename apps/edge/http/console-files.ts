// The built console: its files, the page behind every other path, and the headers that bind a browser to them.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pathOf } from '#libs/http/problem-answer.js';
import { Problem } from '#libs/http/problem.js';
import { PUBLIC_ROUTE } from '#libs/http/route-facts.js';

/** Nothing but our own files runs, is styled, is asked or is framed (OWASP CSP cheat sheet, strict policy without inline code). */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
};

/** Why the console cannot be served; undefined when it can. */
function consoleFault(folder: string): string | undefined {
  if (existsSync(join(folder, 'index.html'))) return undefined;
  return `${folder} has no index.html: run npm run build`;
}

/** Serves the folder; with `secure` browsers are told to use https only. */
export async function serveConsole(
  server: FastifyInstance,
  folder: string,
  secure: boolean,
): Promise<void> {
  const headers = {
    ...HEADERS,
    ...(secure && { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }),
  };
  const fault = consoleFault(folder);
  if (fault === undefined)
    await server.register(fastifyStatic, { root: folder, serve: false, preCompressed: true });
  server.route({
    method: ['GET', 'HEAD'],
    url: '/*',
    config: PUBLIC_ROUTE,
    handler: async (request, reply) => {
      void reply.headers(headers);
      // The routes of the services go on without the pages.
      if (fault !== undefined) throw new Problem(503, 'console_missing', `${fault}.`);
      return answer(request, reply, folder);
    },
  });
}

// Vite puts a hash of the content into the names under assets/: those never change. Any other path is a page of the console.
async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  folder: string,
): Promise<FastifyReply> {
  const path = pathOf(request);
  const isFile = /^\/(assets\/)?[\w-]+(\.[\w-]+)+$/.test(path) && path !== '/index.html';
  if (!isFile && wantsPage(request))
    return reply
      .header('cache-control', 'no-cache')
      .sendFile('index.html', { cacheControl: false });
  if (!isFile || !existsSync(join(folder, path)))
    throw new Problem(404, 'unknown_route', `There is nothing at ${path}.`);
  const isHashed = path.startsWith('/assets/');
  return reply.sendFile(path.slice(1), {
    immutable: isHashed,
    maxAge: isHashed ? '365d' : 0,
  });
}

function wantsPage({ headers }: FastifyRequest): boolean {
  return headers.accept === undefined || /text\/html|\*\/\*/.test(headers.accept);
}
