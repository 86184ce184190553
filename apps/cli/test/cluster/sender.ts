// Nodes that repeat a batch until one of several ingest instances has acknowledged it, and the ledger of what was acknowledged.
import { pause } from '#libs/stack/children.js';
import type { TokenPool } from '#libs/events/quantities.js';
import { type Random, seededRandom } from '../../domain/random.js';
import { type UsageMessage, usageCloudEvent, uuidV7 } from '../../domain/usage-message.js';

const BATCH = 250;
const ORGANIZATIONS = 60;
const SENDERS = 6;
const PATIENCE_MS = 120_000;

/** What must be counted: requests and tokens by organization and quantity, `org_a input` → units. */
export class CountLedger {
  readonly sums = new Map<string, bigint>();
  events = 0;
  /** Batches that were answered with something else than 202 and sent again. */
  repeats = 0;

  add(messages: readonly UsageMessage[]): void {
    this.events += messages.length;
    for (const { organization, tokens } of messages) {
      this.put(`${organization} requests`, 1);
      for (const [pool, units] of Object.entries(tokens))
        this.put(`${organization} ${pool}`, units);
    }
  }

  private put(name: string, units: number): void {
    if (units !== 0) this.sums.set(name, (this.sums.get(name) ?? 0n) + BigInt(units));
  }
}

export interface Doors {
  readonly key: string;
  /** Asked before each attempt: instances come and go. */
  readonly urls: () => readonly string[];
}

/** Sends `count` events through the doors, each until it is acknowledged; a twentieth of the batches twice. */
export async function sendAll(doors: Doors, count: number, seed: number): Promise<CountLedger> {
  const ledger = new CountLedger();
  const random = seededRandom(seed);
  let left = count;
  const sender = async (): Promise<void> => {
    while (left > 0) {
      const messages = Array.from({ length: Math.min(BATCH, left) }, () => message(random));
      left -= messages.length;
      const body = messages.map((one) => JSON.stringify(usageCloudEvent(one))).join('\n');
      await untilAcknowledged(doors, body, random, ledger);
      ledger.add(messages);
      if (random() < 0.05) await untilAcknowledged(doors, body, random, ledger);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  return ledger;
}

async function untilAcknowledged(
  { key, urls }: Doors,
  body: string,
  random: Random,
  ledger: CountLedger,
): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' };
  const deadline = performance.now() + PATIENCE_MS;
  let last = '';
  while (performance.now() < deadline) {
    const doors = urls();
    const url = doors[Math.floor(random() * doors.length)] as string;
    try {
      const signal = AbortSignal.timeout(15_000);
      const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers, body, signal });
      last = `${answer.status} ${(await answer.text()).slice(0, 200)}`;
      if (answer.status === 202) return;
      if (answer.status < 429) throw new RangeError(`ingest refuses: ${last}`);
    } catch (error) {
      if (error instanceof RangeError) throw error;
      last = String(error);
    }
    ledger.repeats += 1;
    await pause(200 + 300 * random());
  }
  throw new Error(`a batch was not taken for ${PATIENCE_MS} ms: ${last}`);
}

function message(random: Random): UsageMessage {
  const at = Date.now();
  const draw = (most: number): number => Math.floor(most * random());
  const tokens: Partial<Record<TokenPool, number>> = {
    input: 1 + draw(3_000),
    cached_input: draw(1_000),
    output: draw(500),
  };
  return {
    id: uuidV7(at, random),
    source: `//cluster/node-${draw(8)}`,
    organization: `org_cluster_${draw(ORGANIZATIONS)}`,
    at,
    sequence: null,
    model: `model-${draw(3)}`,
    project: null,
    serviceTier: 'on_demand',
    adapter: null,
    tokens,
  };
}
