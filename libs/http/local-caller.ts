// Who asks from this very machine, and not through a proxy on it.
import type { FastifyRequest } from 'fastify';

const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];
const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/;

/** True for a request from 127.0.0.0/8 or ::1 that names no one it was forwarded for. */
export function isLocalCaller(request: FastifyRequest): boolean {
  const address = request.raw.socket.remoteAddress ?? '';
  return LOOPBACK.test(address) && !FORWARDED.some((name) => name in request.headers);
}
