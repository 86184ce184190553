import type { TopicPartition } from './event-log.js';
import { keyOf } from './partition-key.js';

interface Hold {
  paused: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** Which partitions are not to be delivered: paused by the reader until it resumes, or delayed until a retry is due. */
export class PartitionHolds {
  private readonly holds = new Map<string, Hold>();

  /** `onChange` is told when a partition becomes held or free. */
  constructor(private readonly onChange: (at: TopicPartition, held: boolean) => void) {}

  isHeld(at: TopicPartition): boolean {
    const hold = this.holds.get(keyOf(at));
    return hold !== undefined && (hold.paused || hold.timer !== undefined);
  }

  pause(at: TopicPartition): void {
    this.of(at).paused = true;
    this.onChange(at, true);
  }

  /** Ends a pause and a delay. */
  resume(at: TopicPartition): void {
    this.of(at).paused = false;
    this.hurry(at);
    this.onChange(at, false);
  }

  delay(at: TopicPartition, ms: number): void {
    const hold = this.of(at);
    clearTimeout(hold.timer);
    hold.timer = setTimeout(() => this.hurry(at), ms);
    this.onChange(at, true);
  }

  /** Ends a delay, not a pause. */
  hurry(at: TopicPartition): void {
    const hold = this.of(at);
    if (hold.timer === undefined) return;
    clearTimeout(hold.timer);
    hold.timer = undefined;
    if (!hold.paused) this.onChange(at, false);
  }

  clear(): void {
    for (const { timer } of this.holds.values()) clearTimeout(timer);
    this.holds.clear();
  }

  private of(at: TopicPartition): Hold {
    const existing = this.holds.get(keyOf(at));
    if (existing) return existing;
    const hold: Hold = { paused: false, timer: undefined };
    this.holds.set(keyOf(at), hold);
    return hold;
  }
}
