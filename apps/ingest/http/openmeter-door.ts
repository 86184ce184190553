import { decodeUtf8, parseExactly } from '#libs/events/gate-json.js';
import { MAX_EVENT_BYTES } from '#libs/events/gate.js';
import type { Catalog } from '#libs/rating/catalog.js';
import type { Clock } from '#libs/time/instant.js';
import { Admission, type RejectedItem } from '../domain/admission.js';
import { translate } from '../domain/openmeter-event.js';
import type { RejectedLog } from '../store/rejected-log.js';
import { unavailable, type EventsDoor } from './events-door.js';
import type { SentItems } from './events-media.js';

/** The catalog in force at an instant, epoch ms. */
export interface CatalogsInForce {
  at(instant: number): Promise<Pick<Catalog, 'mappings'> | undefined>;
}

/** Translates, gates and appends what OpenMeter's clients send, and parks what it refuses: LiteLLM keeps nothing itself. */
export class OpenMeterDoor {
  constructor(
    private readonly door: EventsDoor,
    private readonly parked: RejectedLog,
    private readonly clock: Clock,
    private readonly catalogs: CatalogsInForce,
  ) {}

  /** Gives what was refused, after the log holds all the rest; throws Problem 503 when it does not. */
  async take(sent: SentItems, organization: string | null): Promise<readonly RejectedItem[]> {
    const now = this.clock();
    const mappings = (await this.catalogs.at(now))?.mappings;
    const admission = new Admission({ now, organization });
    await this.door.turns.each(sent.items, (index, bytes) => {
      admit(admission, index, bytes, mappings);
    });
    const { rejected } = admission;
    this.door.countRefusals(rejected);
    await Promise.all([
      this.door.append(admission),
      this.park(
        rejected,
        rejected.map(({ index }) => sent.items[index] as Buffer),
        organization,
      ),
    ]);
    return rejected;
  }

  /** Parks a body that could not be cut into events at all. */
  async refuseWhole(bytes: Buffer, detail: string, organization: string | null): Promise<void> {
    const item: RejectedItem = { index: 0, id: null, reason: 'invalid_json', pointer: '', detail };
    this.door.countRefusals([item]);
    await this.park([item], [bytes], organization);
  }

  private async park(
    rejected: readonly RejectedItem[],
    raw: readonly Buffer[],
    organization: string | null,
  ): Promise<void> {
    if (rejected.length === 0) return;
    try {
      await this.parked.append(rejected, raw, { organization, at: this.clock() });
    } catch (error) {
      throw unavailable(error);
    }
  }
}

function admit(
  admission: Admission,
  index: number,
  bytes: Buffer,
  mappings: Catalog['mappings'],
): void {
  const raw = bytes.length > MAX_EVENT_BYTES ? undefined : parsed(bytes);
  // What is too large or no JSON goes to the gate as it is, which has the words for it.
  if (raw === undefined) {
    admission.admit(index, bytes);
    return;
  }
  const translated = translate(raw, { ...admission.doorkeeper, mappings });
  if ('refusal' in translated) admission.refuse(index, translated.refusal);
  else admission.admit(index, Buffer.from(JSON.stringify(translated.event)));
}

function parsed(bytes: Buffer): unknown {
  const text = decodeUtf8(bytes);
  try {
    return text === undefined ? undefined : parseExactly(text);
  } catch {
    return undefined;
  }
}
