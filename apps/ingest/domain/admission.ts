// What one request brings: each item is let in or refused on its own, so that a bad one never costs its neighbour.
import { gate, type GateContext } from '#libs/events/gate.js';
import type { DoorReason, Refusal } from '#libs/events/rejection.js';
import type { UsageEvent } from '#libs/events/usage-event.js';

/** One item of the answer's `rejected` list; `index` is the item's place among those sent, from 0. */
export interface RejectedItem {
  readonly index: number;
  readonly id: string | null;
  readonly reason: DoorReason;
  readonly pointer: string;
  readonly detail: string;
}

/** An event and the bytes that the log will hold. */
export interface AdmittedEvent {
  readonly event: UsageEvent;
  readonly bytes: Buffer;
}

export interface Doorkeeper extends GateContext {
  /** The organization that the key is bound to; null lets events of any organization in. */
  readonly organization: string | null;
}

export class Admission {
  readonly admitted: AdmittedEvent[] = [];
  readonly rejected: RejectedItem[] = [];

  constructor(readonly doorkeeper: Doorkeeper) {}

  /** Lets one item in or refuses it. */
  admit(index: number, bytes: Buffer): void {
    const gated = gate(bytes, this.doorkeeper);
    if ('refusal' in gated) {
      this.refuse(index, gated.refusal);
      return;
    }
    const { event } = gated;
    const bound = this.doorkeeper.organization;
    if (bound === null || bound === event.organization) {
      this.admitted.push({ event, bytes });
      return;
    }
    this.refuse(index, {
      id: event.id,
      reason: 'not_allowed',
      pointer: '/subject',
      detail: `this key is bound to ${bound}`,
    });
  }

  /** Refuses an item for a reason found before the gate. */
  refuse(index: number, refusal: Refusal): void {
    const { id, reason, pointer, detail } = refusal;
    this.rejected.push({ index, id, reason, pointer, detail });
  }
}
