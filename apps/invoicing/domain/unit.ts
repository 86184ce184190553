// What a quantity is counted in, as an invoice line says it.
import type { Measure, Quantity } from '#libs/events/quantities.js';

export type Unit = 'token' | 'ms' | 'character' | 'image' | 'search';

const MEASURE_UNITS: Readonly<Record<Measure, Unit>> = {
  audio_ms: 'ms',
  characters: 'character',
  images: 'image',
  searches: 'search',
};

/** Every pool is in tokens; the four measures have units of their own. */
export function unitOf(quantity: Quantity): Unit {
  return MEASURE_UNITS[quantity as Measure] ?? 'token';
}
