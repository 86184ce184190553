// The parts of kafkajs 2.2.4 that its package does not export but that this project uses. The client is frozen (kafkajs.md), the
// version is pinned exactly, and a spec fails when a shape here is gone.
import { createRequire } from 'node:module';
import type { Kafka } from 'kafkajs';
import { FetchedBatch } from './fetched-batch.js';
import { CorruptRecords, decodeRecordSet, type FetchedRecords } from './record-set.js';

const load = createRequire(import.meta.url);

// Before anything else of kafkajs is loaded: what it loads afterwards takes these.
replace('kafkajs/src/consumer/batch', FetchedBatch);
replace('kafkajs/src/protocol/requests/fetch/v4/decodeMessages', decodeFetched);

export interface FetchReply {
  readonly responses: readonly {
    readonly topicName: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly highWatermark: string;
      readonly messages: FetchedRecords;
    }[];
  }[];
}

export interface ProduceReply {
  readonly topics: readonly {
    readonly topicName: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly errorCode: number;
      readonly baseOffset: string;
      readonly logAppendTime: string;
    }[];
  }[];
}

export interface Protocol {
  readonly request: {
    readonly apiKey: number;
    readonly apiVersion: number;
    readonly apiName: string;
    encode(): Promise<unknown>;
  };
  readonly response: unknown;
}

export interface KafkaBroker {
  readonly nodeId: number;
  readonly connectionPool: {
    readonly host: string;
    readonly port: number;
    send(protocol: Protocol): Promise<unknown>;
  };
  fetch(request: {
    readonly replicaId: number;
    readonly maxWaitTime: number;
    readonly minBytes: number;
    readonly maxBytes: number;
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly {
        readonly partition: number;
        readonly fetchOffset: string;
        readonly maxBytes: number;
      }[];
    }[];
  }): Promise<FetchReply>;
  disconnect(): Promise<void>;
}

export interface KafkaCluster {
  readonly brokerPool: {
    readonly brokers: Readonly<Record<string, KafkaBroker>>;
    readonly seedBroker?: KafkaBroker;
  };
  readonly targetTopics: Set<string>;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  isConnected(): boolean;
  getNodeIds(): string[];
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number }[];
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Record<string, number[]>;
  findBroker(options: { readonly nodeId: string }): Promise<KafkaBroker>;
  removeBroker(address: { readonly host: string; readonly port: number }): void;
  fetchTopicsOffset(
    topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number }[];
      readonly fromBeginning: boolean;
    }[],
  ): Promise<
    readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
    }[]
  >;
}

/** What kafkajs throws: `type` names the broker's error code, `retriable` says whether the same request may succeed. */
export interface KafkaFault extends Error {
  readonly type?: string;
  readonly code?: number | string;
  readonly retriable?: boolean;
  /** `host:port`, in a KafkaJSRequestTimeoutError. */
  readonly broker?: string;
}

export interface RequestQueueState {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  scheduleCheckPendingRequests: (this: RequestQueueState) => void;
}

export interface ConnectionState {
  socket?: { destroy(): void };
  chunks: Buffer[];
  bytesBuffered: number;
  bytesNeeded: number;
  isConnected(): boolean;
  connect: (this: ConnectionState) => Promise<boolean>;
  disconnect: (this: ConnectionState) => Promise<boolean>;
}

type ClusterClass = new (options: Record<string, unknown>) => KafkaCluster;
interface EncoderInstance {
  writeBufferInternal(bytes: Buffer): void;
}

export const ClusterInternals = load('kafkajs/src/cluster') as ClusterClass;
export const Encoder = load('kafkajs/src/protocol/encoder') as new (
  capacity?: number,
) => EncoderInstance;
export const PRODUCE_V7_RESPONSE = load('kafkajs/src/protocol/requests/produce/v7/response') as {
  readonly decode: (payload: Buffer) => Promise<ProduceReply>;
};
export const { createErrorFromCode } = load('kafkajs/src/protocol/error') as {
  readonly createErrorFromCode: (code: number) => KafkaFault;
};
export const RequestQueue = load('kafkajs/src/network/requestQueue') as {
  readonly prototype: RequestQueueState;
};
export const Connection = load('kafkajs/src/network/connection') as {
  readonly prototype: ConnectionState;
};
export const kafkajs = load('kafkajs') as {
  readonly Kafka: typeof Kafka;
  readonly logLevel: { readonly NOTHING: number };
  readonly CompressionCodecs: Record<
    number,
    () => {
      compress(encoder: { buffer: Buffer }): unknown;
      decompress(packed: Buffer): Promise<Buffer>;
    }
  >;
};
export const loggers = load('kafkajs/src/loggers') as {
  createLogger(options: { level: number; logCreator: () => () => void }): unknown;
};
export const socketFactory = load('kafkajs/src/network/socketFactory') as () => unknown;

interface ResponseDecoder {
  readInt32(): number;
  canReadBytes(length: number): boolean;
  readBytes(length: number): Buffer;
}

/** The record set of one partition in a fetch response: its length, then its bytes. */
async function decodeFetched(decoder: ResponseDecoder): Promise<FetchedRecords> {
  const length = decoder.readInt32();
  if (length <= 0 || !decoder.canReadBytes(length)) return [];
  try {
    return await decodeRecordSet(decoder.readBytes(length), unpack);
  } catch (corrupt) {
    // Thrown, it would cost every other partition of the answer its records.
    if (!(corrupt instanceof CorruptRecords)) throw corrupt;
    return Object.assign([...corrupt.before], { corrupt });
  }
}

// kafkajs's own gzip, our zstd (`kafka-patches.ts`); snappy and lz4 are refused by it.
async function unpack(codec: number, packed: Buffer): Promise<Buffer> {
  const known = kafkajs.CompressionCodecs[codec];
  if (!known) throw new Error(`records are packed with the unknown codec ${codec}`);
  return known().decompress(packed);
}

function replace(module: string, by: unknown): void {
  load(module);
  const loaded = load.cache[load.resolve(module)];
  if (!loaded) throw new Error(`${module} of kafkajs cannot be replaced`);
  loaded.exports = by;
}
