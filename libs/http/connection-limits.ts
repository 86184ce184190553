// How many connections a service holds: beyond that the next one is closed at once, before anything is read from it.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { ClientAddresses } from './client-address.js';

export interface ConnectionLimits {
  readonly all: number;
  /** Of one address (of IPv6: one /64); a trusted proxy speaks for many and may have them all. */
  readonly perAddress: number;
}

/** An idle connection costs about 10 KiB: 100 MiB at most. */
export const CONNECTIONS: ConnectionLimits = { all: 10_000, perAddress: 2_000 };

/** Bounds the connections of a server from now on. */
export function limitConnections(
  server: Server,
  addresses = new ClientAddresses(),
  limits: ConnectionLimits = CONNECTIONS,
): void {
  const open = new Map<string, number>();
  server.maxConnections = limits.all;
  server.on('connection', (socket: Socket) => {
    if (addresses.isTrusted(socket.remoteAddress ?? '')) return;
    const address = addresses.of({ headers: {}, raw: { socket } });
    const count = (open.get(address) ?? 0) + 1;
    if (count > limits.perAddress) {
      socket.destroy();
      return;
    }
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  });
}
