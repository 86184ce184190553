import type { EventLog, NewRecord } from '#libs/log/event-log.js';
import { partitionOf } from '#libs/log/partition.js';
import { encodeRejected } from '#libs/events/rejection.js';
import { USAGE_REJECTED } from '#libs/events/topics.js';
import type { RejectedItem } from '../domain/admission.js';

/** What is kept of a refused item. */
const KEPT_BYTES = 16_384;

/** Parks what the door refused in `usage.rejected`, for people to look at: the sender keeps nothing. */
export class RejectedLog {
  constructor(private readonly log: EventLog) {}

  /** Appends one record per item, `raw` being the items' bytes in the same order; rejects as the log does. */
  async append(
    rejected: readonly RejectedItem[],
    raw: readonly Buffer[],
    from: { readonly organization: string | null; readonly at: number },
  ): Promise<void> {
    const { organization, at } = from;
    const count = await this.log.partitionCount(USAGE_REJECTED);
    const partition = partitionOf(organization ?? '', count);
    const records = rejected.map(({ reason, pointer, detail, id }, place): NewRecord => {
      const bytes = raw[place]?.subarray(0, KEPT_BYTES) ?? Buffer.alloc(0);
      const value = encodeRejected({
        reason,
        pointer,
        detail,
        organization,
        source: sourceOf(bytes),
        id,
        position: null,
        winner: null,
        raw: bytes.toString('base64'),
        at,
      });
      return { key: organization, value };
    });
    await this.log.append(USAGE_REJECTED, partition, records);
  }
}

// As it was sent, where the bytes that are kept say it: an operator asks which sender it was.
function sourceOf(bytes: Buffer): string | null {
  try {
    const { source } = (JSON.parse(bytes.toString('utf8')) ?? {}) as { source?: unknown };
    return typeof source === 'string' ? source.slice(0, 256) : null;
  } catch {
    return null;
  }
}
