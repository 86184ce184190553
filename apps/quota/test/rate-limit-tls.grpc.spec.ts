// Envoy's door under TLS, with certificates of an authority made here.
import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { credentials, type ChannelCredentials, status } from '@grpc/grpc-js';
import { GrpcMethod } from '@nestjs/microservices';
import { Environment } from '#libs/config/environment.js';
import { freePort } from '#libs/stack/ports.js';
import { type Certified, makeCertificate } from '#libs/testing/certificate.js';
import { rateLimitAddress } from '../grpc/rate-limit-security.js';
import { rateLimitServer } from '../grpc/rate-limit-server.js';
import { askRateLimit } from './rate-limit-client.js';

@Controller()
class Admitting {
  @GrpcMethod('RateLimitService', 'ShouldRateLimit')
  answer(): object {
    return { overall_code: 'OK' };
  }
}

@Module({ controllers: [Admitting] })
class SmallModule {}

const authority = makeCertificate('meterbook authority');
const stranger = makeCertificate('some other authority');
const server = makeCertificate('quota', authority);
const FILES: Readonly<Record<string, string>> = {
  '/ca.pem': authority.cert,
  '/cert.pem': server.cert,
  '/key.pem': server.key,
  '/other-key.pem': stranger.key,
};
const CERT = '/cert.pem';
const pair = { QUOTA_GRPC_TLS_CERT_FILE: CERT, QUOTA_GRPC_TLS_KEY_FILE: '/key.pem' };
const addressOf = (variables: Record<string, string>) =>
  rateLimitAddress(new Environment(variables), '127.0.0.1', (path) => FILES[path] ?? '');

const trusting = (of: Certified, client?: Certified): ChannelCredentials =>
  credentials.createSsl(
    Buffer.from(of.cert),
    client ? Buffer.from(client.key) : null,
    client ? Buffer.from(client.cert) : null,
  );

describe.each([
  // the door lets in          who, and whether they get in
  ['anyone who trusts it', {}, { plain: false, unknowing: false, trusting: true, certified: true }],
  [
    'whom its authority certified',
    { QUOTA_GRPC_TLS_CA_FILE: '/ca.pem' },
    { plain: false, unknowing: false, trusting: false, certified: true },
  ],
] as const)('rate limit service under TLS, for %s', (_, more, letIn) => {
  let app: INestMicroservice;
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    const address = addressOf({ QUOTA_GRPC_PORT: String(port), ...pair, ...more });
    if (!address) throw new Error('no address');
    const options = { ...rateLimitServer(address), logger: false as const };
    app = await NestFactory.createMicroservice(SmallModule, options);
    await app.listen();
  });
  afterAll(async () => app.close());

  it.each([
    ['plain', credentials.createInsecure()],
    ['unknowing', trusting(stranger)],
    ['trusting', trusting(authority)],
    ['certified', trusting(authority, makeCertificate('envoy', authority))],
  ] as const)('%s clients', async (name, security) => {
    const request = { domain: 'envoy', descriptors: [], hits_addend: 1 };
    const { code } = await askRateLimit(`127.0.0.1:${port}`, request, '', security);
    expect(code).toBe(letIn[name] ? status.OK : status.UNAVAILABLE);
  });
});

describe('address of the rate limit service', () => {
  it('is none without a port, and plain without a certificate', () => {
    expect(addressOf({})).toBeUndefined();
    expect(addressOf({ QUOTA_GRPC_PORT: '4013' })).toEqual({ host: '127.0.0.1', port: 4013 });
  });

  it.each([
    [pair, 'QUOTA_GRPC_TLS_CERT_FILE needs QUOTA_GRPC_PORT'],
    [
      { QUOTA_GRPC_PORT: '1', QUOTA_GRPC_TLS_CERT_FILE: CERT },
      'QUOTA_GRPC_TLS_CERT_FILE needs QUOTA_GRPC_TLS_KEY_FILE',
    ],
    [
      { QUOTA_GRPC_PORT: '1', QUOTA_GRPC_TLS_CA_FILE: '/ca.pem' },
      'QUOTA_GRPC_TLS_CA_FILE needs QUOTA_GRPC_TLS_CERT_FILE',
    ],
    [
      { QUOTA_GRPC_PORT: '1', ...pair, QUOTA_GRPC_TLS_KEY_FILE: '/other-key.pem' },
      'are not a certificate and its key',
    ],
    [
      { QUOTA_GRPC_PORT: '1', ...pair, QUOTA_GRPC_TLS_CERT_FILE: '/absent.pem' },
      'QUOTA_GRPC_TLS_CERT_FILE is not a PEM file',
    ],
  ])('of %j is refused by name: %s', (variables, message) => {
    expect(() => addressOf(variables)).toThrow(message);
  });
});
