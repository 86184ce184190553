// Pages of parked drafts: where one ends is the instant and the id of its last.
import { decodeCursor } from '#libs/http/page.js';
import type { ParkedPlace, ParkedRow } from '../store/parked.store.js';

/** What a cursor after this row holds. */
export function placeOf({ parked_at, id }: ParkedRow): ParkedPlace {
  return { parkedAt: Number(parked_at), id };
}

/** The place in a cursor. Throws Problem 400 at `?cursor` for any other text. */
export function parkedPlace(cursor: string): ParkedPlace {
  return decodeCursor<ParkedPlace>(cursor, (value) => {
    const { parkedAt, id } = (value ?? {}) as Partial<Record<string, unknown>>;
    return Number.isSafeInteger(parkedAt) && typeof id === 'string' && /^prk_\w{1,40}$/.test(id);
  });
}
