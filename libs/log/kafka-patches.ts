// Faults of kafkajs 2.2.4 that are mended in place, once a process, before its first connection.
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { ConfigurationError } from '../config/environment.js';
import {
  Connection,
  type ConnectionState,
  RequestQueue,
  type RequestQueueState,
  kafkajs,
} from './kafka-internals.js';

export const ZSTD = 4;
const INT32_BYTES = 4;
// A batch is at most 1 MiB packed; one that grows beyond this is no batch of events.
const MAX_UNPACKED_BYTES = 64 << 20;
// Level 1 is the fastest and, on events, packs better than 3 (performance.md B5).
const ZSTD_OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

let patched = false;

/** Idempotent. Throws ConfigurationError on a Node without zstd (before 22.15): the topics' codec could not be read. */
export function patchKafkajs(): void {
  if (patched) return;
  if (typeof zstdCompressSync !== 'function')
    throw new ConfigurationError(
      `EVENT_LOG=kafka needs Node 22.15 or later, not ${process.version}`,
    );
  stopIdleTimer();
  isolateSockets();
  addZstd();
  patched = true;
}

/**
 * Compresses the records of one batch, at most 900 KiB: 25 µs for ten events, 250 µs for a thousand. In a thread of its own the same
 * work costs 190 to 400 µs, for a small send most of its time.
 */
export function compressRecords(bytes: Buffer): Buffer {
  return zstdCompressSync(bytes, ZSTD_OPTIONS);
}

// After its first answer each connection re-arms a timer of 1 ms for ever: 3 to 5 % of a core in an idle process (issue 1751).
function stopIdleTimer(): void {
  const schedule = RequestQueue.prototype.scheduleCheckPendingRequests;
  RequestQueue.prototype.scheduleCheckPendingRequests = function quiet(this: RequestQueueState) {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
  };
}

// A connection object lives on after its socket: bytes of a half-read answer stayed in its buffer and made every later answer
// unreadable; two calls at once opened two sockets; and a socket that was only half closed could still deliver a late answer.
function isolateSockets(): void {
  const { connect, disconnect } = Connection.prototype;
  const connecting = new WeakMap<object, Promise<boolean>>();
  Connection.prototype.connect = async function connectOnce(this: ConnectionState) {
    if (this.isConnected()) return true;
    const running = connecting.get(this);
    if (running) return running;
    this.socket?.destroy();
    this.chunks = [];
    this.bytesBuffered = 0;
    this.bytesNeeded = INT32_BYTES;
    const attempt = connect.call(this).finally(() => connecting.delete(this));
    connecting.set(this, attempt);
    return attempt;
  };
  Connection.prototype.disconnect = async function disconnectWholly(this: ConnectionState) {
    const { socket } = this;
    const done = await disconnect.call(this);
    socket?.destroy();
    return done;
  };
}

function addZstd(): void {
  kafkajs.CompressionCodecs[ZSTD] = () => ({
    compress: async (encoder: { readonly buffer: Buffer }) => compressRecords(encoder.buffer),
    decompress: async (bytes: Buffer) =>
      zstdDecompressSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES }),
  });
}
