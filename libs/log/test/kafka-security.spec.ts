// That TLS is asked for, before anything else is sent: a listener that speaks no Kafka notes the first byte that it is sent.
import { type AddressInfo, createServer, type Server } from 'node:net';
import { createCluster } from '../kafka-cluster.js';
import type { KafkaSecurity } from '../kafka-security.js';

/** The content type of a TLS handshake record (RFC 8446, 5.1); a Kafka request starts with its length, whose first byte is 0. */
const HANDSHAKE = 0x16;
const TLS: KafkaSecurity = { ssl: { rejectUnauthorized: true, minVersion: 'TLSv1.2' } };

describe('security of a connection to Kafka', () => {
  const firstBytes: (number | undefined)[] = [];
  let server: Server;
  let brokers: string[];

  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (bytes) => {
        firstBytes.push(bytes[0]);
        socket.destroy();
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    brokers = [`127.0.0.1:${(server.address() as AddressInfo).port}`];
  });
  beforeEach(() => {
    firstBytes.length = 0;
  });
  afterAll(() => {
    server.close();
  });

  it.each([
    [TLS, HANDSHAKE],
    [{}, 0],
  ])('of our own requests with %j starts with byte %i', async (security, first) => {
    const settings = { brokers, clientId: 'spec', requestTimeoutMs: 1_000, retries: 0, security };
    const cluster = createCluster(settings);
    await expect(cluster.connect()).rejects.toThrow(/connect|closed|socket|TLS/i);
    expect(firstBytes[0]).toBe(first);
  });
});
