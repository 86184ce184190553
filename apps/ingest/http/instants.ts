// Optional instants of bodies: absent and null are the same.
import { toInstant } from '#libs/http/fields.js';

/** Epoch ms, undefined when nothing was asked for. */
export function instantOf(text: string | null | undefined, pointer: string): number | undefined {
  return text === null || text === undefined ? undefined : toInstant(text, pointer);
}

/** Epoch ms, null when there is none. */
export function instantOrNull(text: string | null | undefined, pointer: string): number | null {
  return instantOf(text, pointer) ?? null;
}
