// A gRPC client of the rate limit service for specs, and one that speaks bare bytes: it knows Envoy's field numbers, not our file.
import {
  type ChannelCredentials,
  credentials,
  loadPackageDefinition,
  Client,
  Metadata,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { EnvoyRequest } from '../domain/envoy-request.js';
import { RATE_LIMIT_PACKAGE, rateLimitProto } from '../grpc/rate-limit-server.js';

export interface RpcAnswer {
  readonly code: number;
  readonly message: string;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly response: any;
}

type Call = (
  request: EnvoyRequest,
  metadata: Metadata,
  done: (error: ServiceError | null, response: unknown) => void,
) => void;

/** Asks once and closes; '' is no key. */
export async function askRateLimit(
  address: string,
  request: EnvoyRequest,
  key: string,
  security: ChannelCredentials = credentials.createInsecure(),
): Promise<RpcAnswer> {
  const options = { keepCase: true, longs: String, enums: String, defaults: true };
  const loaded = loadPackageDefinition(loadSync(rateLimitProto(), options));
  const found = RATE_LIMIT_PACKAGE.split('.').reduce(
    (at, name) => at[name] as typeof loaded,
    loaded,
  );
  const Service = found['RateLimitService'] as unknown as new (
    address: string,
    security: unknown,
  ) => Client & { shouldRateLimit: Call };
  const client = new Service(address, security);
  try {
    return await new Promise((resolve) => {
      client.shouldRateLimit(request, keyed(key), (error, response) => {
        resolve({ code: error?.code ?? 0, message: error?.details ?? '', response });
      });
    });
  } finally {
    client.close();
  }
}

/** Sends bytes to Envoy's method, and gives the bytes that come back. */
export async function askBytes(address: string, bytes: Buffer, key: string): Promise<Buffer> {
  const client = new Client(address, credentials.createInsecure());
  const path = '/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit';
  const same = (given: Buffer): Buffer => given;
  try {
    return await new Promise((resolve, reject) => {
      client.makeUnaryRequest(path, same, same, bytes, keyed(key), (error, answer) => {
        if (error || !answer) reject(error ?? new Error('no answer'));
        else resolve(answer);
      });
    });
  } finally {
    client.close();
  }
}

/** A protobuf field of bytes: tag, length, content; for contents below 128 bytes. */
export function field(number: number, content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes]);
}

function keyed(key: string): Metadata {
  const metadata = new Metadata();
  if (key !== '') metadata.set('authorization', `Bearer ${key}`);
  return metadata;
}
