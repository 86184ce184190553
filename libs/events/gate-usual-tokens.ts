// `data.tokens` of the usual event: our pools with whole numbers, in the order in which they stand.
import { NameTable, type UsualText } from './gate-usual-text.js';
import { type Quantities, TOKEN_POOLS } from './quantities.js';

const POOLS = new NameTable(TOKEN_POOLS);

/** Reads the object of pools; undefined when it is not the usual one, or names no pool or one twice. */
export function readTokens(text: UsualText): Quantities | undefined {
  if (!text.opens()) return undefined;
  const read: Quantities = {};
  let seen = 0;
  do {
    const pool = text.named(POOLS);
    if (pool < 0 || (seen & (1 << pool)) !== 0) return undefined;
    seen |= 1 << pool;
    const units = text.count();
    if (units < 0) return undefined;
    put(read, pool, units);
  } while (text.goesOn());
  return text.closes() ? read : undefined;
}

// A place of its own for each pool of the list: the engine then knows the shape before and after, which one place would hide.
function put(read: Quantities, pool: number, units: number): void {
  switch (pool) {
    case 0:
      read.input = units;
      break;
    case 1:
      read.cached_input = units;
      break;
    case 2:
      read.cache_write_5m = units;
      break;
    case 3:
      read.cache_write_1h = units;
      break;
    case 4:
      read.output = units;
      break;
    case 5:
      read.reasoning = units;
      break;
    case 6:
      read.audio_input = units;
      break;
    case 7:
      read.audio_output = units;
      break;
    case 8:
      read.image_input = units;
      break;
    case 9:
      read.image_output = units;
      break;
    case 10:
      read.video_input = units;
      break;
    default:
      throw new RangeError(`pool ${pool} has no place`);
  }
}
