// `usage.recorded:3:18220,accounts:0:9`: positions that an answer must have reached (http-contract.md, `at_least`).

export interface WantedPosition {
  readonly topic: string;
  readonly partition: number;
  /** The next offset must be at least this. */
  readonly offset: number;
}

const ITEM = /^([a-zA-Z0-9._-]+):(\d{1,5}):(\d{1,16})$/;
const MAX_ITEMS = 256;

/** The positions in a text, or a sentence that says what is wrong with it. Empty text wants nothing. */
export function parseAtLeast(text: string): readonly WantedPosition[] | string {
  const items = text.split(',').map((item) => item.trim());
  if (items.length === 1 && items[0] === '') return [];
  if (items.length > MAX_ITEMS) return `must not hold more than ${MAX_ITEMS} positions`;
  const wanted: WantedPosition[] = [];
  for (const item of items) {
    const match = ITEM.exec(item);
    const offset = Number(match?.[3]);
    if (match === null || !Number.isSafeInteger(offset))
      return `must be <topic>:<partition>:<offset>,… but holds "${item.slice(0, 80)}"`;
    wanted.push({ topic: match[1] as string, partition: Number(match[2]), offset });
  }
  return wanted;
}
