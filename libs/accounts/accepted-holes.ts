// Facts that an operator let go: records quarantined and gaps accepted on the topic (libs/projection/halts.ts). Without this a
// partition that lost one fact with leave would halt on the next one for ever.
import type { EntityManager } from 'typeorm';
import { rows } from '../database/database.js';

/** How many facts below an offset of the topic may be missing. 0 in a database without projections. */
export async function acceptedHoles(
  tx: EntityManager,
  topic: string,
  offset: number,
): Promise<number> {
  const [tables] = await rows<{ exist: boolean }>(
    tx,
    `SELECT to_regclass('quarantine') IS NOT NULL AND to_regclass('halt') IS NOT NULL AS exist`,
  );
  if (!tables?.exist) return 0;
  const [quarantined] = await rows<{ count: string }>(
    tx,
    'SELECT count(*) FROM quarantine WHERE topic = $1 AND record_offset < $2',
    [topic, offset],
  );
  const gaps = await rows<{ argument: string }>(
    tx,
    `SELECT argument FROM halt WHERE topic = $1 AND verb = 'accept-gap'`,
    [topic],
  );
  return gaps.reduce((sum, { argument }) => sum + sizeOf(argument), Number(quarantined?.count));
}

// `7..9` is three offsets; `7..6` accepts a difference and skips none.
function sizeOf(gap: string): number {
  const [from, to] = gap.split('..').map(Number);
  return Math.max(0, (to ?? 0) - (from ?? 0) + 1);
}
