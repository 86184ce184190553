// How Nest serves the rate limit service: its definition, its address, and what a message is read as.
import { join } from 'node:path';
import type { ServerCredentials } from '@grpc/grpc-js';
import { type GrpcOptions, Transport } from '@nestjs/microservices';
import { projectRoot } from '#libs/stack/service-process.js';

export const RATE_LIMIT_PACKAGE = 'envoy.service.ratelimit.v3';

/** The definition that both sides of the wire are read by. */
export const rateLimitProto = (): string => join(projectRoot(), 'infra/envoy/rls.proto');

export interface RateLimitAddress {
  readonly host: string;
  readonly port: number;
  /** Plain text when absent: what is not on the same machine then belongs behind a mesh or a proxy that has TLS. */
  readonly security?: ServerCredentials | undefined;
}

/** The options of Nest's gRPC server at an address. */
export function rateLimitServer({ host, port, security }: RateLimitAddress): GrpcOptions {
  return {
    transport: Transport.GRPC,
    options: {
      package: RATE_LIMIT_PACKAGE,
      protoPath: rateLimitProto(),
      url: `${host}:${port}`,
      ...(security && { credentials: security }),
      // Names as in the definition; 64-bit numbers as text, since a double would round them.
      loader: { keepCase: true, longs: String, enums: String, defaults: false, oneofs: true },
      gracefulShutdown: true,
      maxReceiveMessageLength: 65_536,
    },
  };
}
