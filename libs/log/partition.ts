// Which partition a key belongs to: Kafka's default partitioner, so that a trusted node that produces with any Kafka client
// puts an organization's usage where ingest puts it.

const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/** `toPositive(murmur2(utf8(key))) % partitions`, as org.apache.kafka.clients.producer does since 0.8: "a" of 12 is 8. */
export function partitionOf(key: string, partitions: number): number {
  if (!Number.isInteger(partitions) || partitions < 1)
    throw new RangeError(`a topic has at least one partition, not ${partitions}`);
  return (murmur2(Buffer.from(key, 'utf8')) & 0x7fffffff) % partitions;
}

function murmur2(data: Buffer): number {
  const whole = data.length & ~3;
  let hash = SEED ^ data.length;
  for (let at = 0; at < whole; at += 4) {
    let k = Math.imul(data.readInt32LE(at), M);
    k = Math.imul(k ^ (k >>> 24), M);
    hash = Math.imul(hash, M) ^ k;
  }
  const tail = data.length - whole;
  if (tail === 3) hash ^= byteAt(data, whole + 2) << 16;
  if (tail >= 2) hash ^= byteAt(data, whole + 1) << 8;
  if (tail >= 1) hash = Math.imul(hash ^ byteAt(data, whole), M);
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}

function byteAt(data: Buffer, index: number): number {
  return data.readUInt8(index);
}
