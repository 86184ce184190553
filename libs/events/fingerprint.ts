// 64 bits over what an event says, to tell a repeat from a conflict. Only contents under one identity are ever compared, so it need not
// withstand an attack: who may send an event may as well send the right one. In plain arithmetic 0.3 µs, by SHA-256 1.4.
import type { Quantity } from './quantities.js';
import type { Usage, UsageEvent } from './usage-event.js';

/**
 * 64 signed bits: the same id with another fingerprint is a conflict. Field order, spelling of numbers, absent or zero pools and
 * the delivery's own `sequence` make no difference. A mapped event is told by its model without the provider and its pools only,
 * since LiteLLM sends a cache hit again with another time.
 */
export function fingerprint(event: UsageEvent): bigint {
  const { kind, usage, original } = event;
  state.high = 0x9e3779b9;
  state.low = 0x85ebca6b;
  if (event.mapped && usage) {
    text('mapped');
    text(kind);
    text(usage.model.slice(usage.model.lastIndexOf('/') + 1));
  } else {
    text(kind);
    number(event.at);
    text(event.reservation);
    text(original && original.source);
    text(original && original.id);
    text(original && original.reason);
    if (usage) names(usage);
  }
  if (usage) quantities(usage);
  return finished();
}

const state = { high: 0, low: 0 };
const words = new Int32Array(2);
const whole = new BigInt64Array(words.buffer);

function names(usage: Usage): void {
  text(usage.model);
  text(usage.project);
  text(usage.apiKey);
  text(usage.serviceTier);
  text(usage.adapter);
  text(usage.user);
  text(usage.status);
}

// Two lanes of a multiplicative hash over the code units (after cyrb53); the end of a text is a unit of its own, which none holds.
function text(value: string | null): void {
  let { high, low } = state;
  if (value !== null)
    for (let at = 0; at < value.length; at += 1) {
      const unit = value.charCodeAt(at);
      high = Math.imul(high ^ unit, 0x9e3779b1);
      low = Math.imul(low ^ unit, 0x5f356495);
    }
  // No text of an event is empty, so an empty one is null.
  state.high = Math.imul(high ^ 10, 0x9e3779b1);
  state.low = Math.imul(low ^ 10, 0x5f356495);
}

function number(value: number): void {
  const upper = Math.floor(value / 0x1_0000_0000);
  state.high = mix(Math.imul(state.high ^ value, 0x9e3779b1) ^ upper);
  state.low = mix(Math.imul(state.low ^ upper, 0x5f356495) ^ value);
}

// A sum over the pools, so that their order makes no difference.
function quantities(usage: Usage): void {
  let high = 0;
  let low = 0;
  for (const name in usage.quantities) {
    const units = usage.quantities[name as Quantity];
    if (!units) continue;
    const upper = Math.floor(units / 0x1_0000_0000);
    const salt = saltOf(name);
    const one = mix(mix(salt ^ units) ^ upper);
    high = (high + one) | 0;
    low = (low + mix(one ^ Math.imul(salt, 0x5f356495) ^ units)) | 0;
  }
  state.high = Math.imul(state.high ^ high, 0x9e3779b1);
  state.low = Math.imul(state.low ^ low, 0x5f356495);
}

function finished(): bigint {
  const { high, low } = state;
  words[0] = mix(low ^ mix(high));
  words[1] = mix(high ^ mix(low ^ 0x27d4eb2f));
  return whole[0] as bigint;
}

// The 32-bit finaliser of MurmurHash3: a bijection that spreads every bit.
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const salts = new Map<string, number>();

function saltOf(name: string): number {
  const known = salts.get(name);
  if (known !== undefined) return known;
  let salt = 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1)
    salt = Math.imul(salt ^ name.charCodeAt(at), 0x01000193);
  salts.set(name, salt);
  return salt;
}
