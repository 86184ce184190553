import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { createRequire } from 'node:module';
import { Connection, type ConnectionState, RequestQueue } from '../kafka-internals.js';
import { patchKafkajs } from '../kafka-patches.js';
import { until, wait } from './reader.js';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const logger: object = { ...silent, namespace: () => logger };
const socketFactory = createRequire(import.meta.url)(
  'kafkajs/src/network/socketFactory',
) as () => unknown;

describe('a patched kafkajs connection', () => {
  let server: Server;
  let sockets: Socket[];
  beforeAll(patchKafkajs);
  beforeEach(async () => {
    sockets = [];
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      sockets.push(socket);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });

  const connection = (): ConnectionState =>
    new (Connection as unknown as new (options: object) => ConnectionState)({
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      logger,
      socketFactory: socketFactory(),
      requestTimeout: 1_000,
      connectionTimeout: 1_000,
    });

  it('starts afresh after a broker that died in the middle of an answer', async () => {
    const client = connection();
    await client.connect();
    await until(
      () => sockets.length === 1,
      () => sockets.length,
    );
    sockets[0]?.end(Buffer.from([0, 0, 0, 100, 1, 2, 3]));
    await until(
      () => !client.isConnected(),
      () => client.isConnected(),
    );
    expect(client.bytesBuffered).toBe(7);
    await client.connect();
    expect([client.bytesBuffered, client.bytesNeeded, client.chunks]).toEqual([0, 4, []]);
    await client.disconnect();
  });

  it('opens one socket for two callers at once, and closes it wholly', async () => {
    const client = connection();
    await Promise.all([client.connect(), client.connect()]);
    await wait(50);
    expect(sockets).toHaveLength(1);
    const closed = new Promise((resolve) => {
      sockets[0]?.once('close', resolve);
    });
    await client.disconnect();
    await closed;
  });

  it('arms no timer when it has nothing to do', async () => {
    let checks = 0;
    const queue = new (
      RequestQueue as unknown as new (options: object) => {
        checkPendingRequests(): void;
        push(request: object): void;
        fulfillRequest(answer: object): void;
        destroy(): void;
      }
    )({
      maxInFlightRequests: null,
      requestTimeout: 1_000,
      clientId: 'x',
      broker: 'b',
      logger: silent,
    });
    const check = queue.checkPendingRequests.bind(queue);
    queue.checkPendingRequests = () => {
      checks += 1;
      check();
    };
    queue.push({
      entry: { correlationId: 1, resolve() {}, reject() {} },
      expectResponse: true,
      sendRequest() {},
    });
    queue.fulfillRequest({ correlationId: 1, payload: null, size: 0 });
    await wait(200);
    expect(checks).toBe(1);
    queue.destroy();
  });
});
