import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { ClientAddresses } from './client-address.js';
import { limitConnections } from './connection-limits.js';

describe('connections', () => {
  const opened: Socket[] = [];
  let server: Server;

  afterEach(() => {
    for (const socket of opened.splice(0)) socket.destroy();
    server.close();
  });

  async function stand(all: number, perAddress: number, trusted: string): Promise<number> {
    server = createServer((_request, response) => response.end('ok'));
    limitConnections(server, new ClientAddresses([trusted]), { all, perAddress });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  /** Opens a connection and asks on it: what comes back before it ends or falls silent. */
  async function asked(port: number): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    opened.push(socket);
    socket.on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    const [answer] = (await Promise.race([once(socket, 'data'), once(socket, 'close')])) as [
      Buffer | boolean,
    ];
    return Buffer.isBuffer(answer) ? answer.toString().slice(9, 15) : 'closed';
  }

  it.each([
    // all, per address, trusted       third answer   case
    [10, 2, '10.0.0.0/8', 'closed', 'above those of one address'],
    [10, 3, '10.0.0.0/8', '200 OK', 'at those of one address'],
    [10, 2, 'loopback', '200 OK', 'of a trusted proxy'],
    [2, 10, 'loopback', 'closed', 'above all'],
  ])('of %d and %d an address, %s trusted: the third is %s', async (all, each, trusted, third) => {
    const port = await stand(all, each, trusted);
    expect([await asked(port), await asked(port)]).toEqual(['200 OK', '200 OK']);
    expect(await asked(port)).toBe(third);
    if (third !== 'closed') return;
    opened[0]?.destroy();
    await once(opened[0] as Socket, 'close');
    // The server learns of it a moment later.
    let again = 'closed';
    for (let tries = 0; tries < 100 && again === 'closed'; tries += 1) again = await asked(port);
    expect(again).toBe('200 OK');
  });
});
