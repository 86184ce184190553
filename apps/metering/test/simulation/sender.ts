// Ingest as the broker sees it: batches to partitions, answers that may be lost, and what kafkajs does then where a rule is off.
import type { Switches } from './switches.js';
import type { Partition, Random, Sent, World } from './world.js';

export interface SenderParts {
  readonly world: World;
  readonly random: Random;
  readonly switches: Switches;
  /** Whether answers are lost and leaders move. */
  readonly errs: boolean;
}

/** Sends all batches, each until it is acknowledged; a step is one exchange with the broker. */
export function* send(parts: SenderParts, batches: readonly (readonly Sent[])[]): Generator<void> {
  const { world, random, switches } = parts;
  for (let index = 0; index < batches.length; index += 1) {
    const batch = batches[index] as readonly Sent[];
    const next = batches[index + 1];
    yield;
    if (!switches.explicitPartition && parts.errs && random() < 0.1) {
      repartitioned(world, batch);
      continue;
    }
    if (!switches.oneInFlight && next && parts.errs && random() < 0.1) {
      yield* overtaken(world, batch, next);
      index += 1;
      continue;
    }
    for (const [partition, group] of groups(world, batch)) yield* sendOne(parts, partition, group);
  }
}

function* sendOne(
  { world, random, switches, errs }: SenderParts,
  partition: Partition,
  group: readonly Sent[],
): Generator<void> {
  for (;;) {
    yield;
    const dice = errs ? random() : 1;
    // The leader is another broker by now: kafkajs resolves with an answer that names nothing.
    if (dice < 0.08) {
      if (switches.replyCheck) continue;
      break;
    }
    // Refused, or lost on the way there.
    if (dice < 0.16) continue;
    partition.append(group);
    // Written, and the answer lost on the way back: the same bytes go again.
    if (dice >= 0.24) break;
  }
  world.acknowledged.push(...group);
}

// K3: a fault of one broker makes kafkajs distribute the records anew. What was refused is never sent, what was taken goes twice,
// and the answer names every partition.
function repartitioned(world: World, batch: readonly Sent[]): void {
  const [lost, ...taken] = batch;
  for (const sent of taken) {
    world.partition(sent.partition).append([sent]);
    world.partition(0).append([sent]);
  }
  if (lost) world.acknowledged.push(lost);
  world.acknowledged.push(...taken);
}

// K1: the first is stored and its answer lost, the second takes its sequence numbers, and the broker calls it a duplicate.
function* overtaken(
  world: World,
  first: readonly Sent[],
  second: readonly Sent[],
): Generator<void> {
  for (const [partition, group] of groups(world, first)) partition.append(group);
  yield;
  for (const [partition, group] of groups(world, first)) partition.append(group);
  world.acknowledged.push(...first, ...second);
}

function groups(world: World, batch: readonly Sent[]): Map<Partition, Sent[]> {
  return Map.groupBy(batch, ({ partition }) => world.partition(partition));
}
