// The binary format of COPY for rows of any length: text, numeric and null beside integers (copy.ts is for rows of a known size).
// A numeric is sent in groups of four digits, as https://github.com/postgres/postgres (numeric_recv) reads it.

const HEADER = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
const FIRST_BYTES = 64 * 1024;
const GROUPS = 10_000;
// Three groups at a time: what is left of a number below it is exact as a double.
const THREE_GROUPS = 10n ** 12n;
const NEGATIVE = 0x4000;

/** A COPY that grows with its rows. */
export class CopyFields {
  private bytes = Buffer.allocUnsafe(FIRST_BYTES);
  private at = HEADER.copy(this.bytes);
  private readonly groups: number[] = [];

  constructor(private readonly columns: number) {}

  /** Begins a row; as many fields follow as there are columns. */
  row(): this {
    this.room(2);
    this.at = this.bytes.writeInt16BE(this.columns, this.at);
    return this;
  }

  /** null is NULL. */
  text(value: string | null): this {
    if (value === null) return this.size(-1, 0);
    this.room(4 + 3 * value.length);
    const length = this.bytes.write(value, this.at + 4, 'utf8');
    this.bytes.writeInt32BE(length, this.at);
    this.at += 4 + length;
    return this;
  }

  /** bytea. */
  raw(value: Buffer): this {
    this.size(value.length, value.length);
    this.at += value.copy(this.bytes, this.at);
    return this;
  }

  int4(value: number): this {
    this.size(4, 4);
    this.at = this.bytes.writeInt32BE(value, this.at);
    return this;
  }

  /** A safe integer. */
  int8(value: number): this {
    this.size(8, 8);
    this.at = this.bytes.writeInt32BE(Math.floor(value / 0x1_0000_0000), this.at);
    this.at = this.bytes.writeUInt32BE(value >>> 0, this.at);
    return this;
  }

  /** 64 signed bits; null is NULL. */
  bigint(value: bigint | null): this {
    if (value === null) return this.size(-1, 0);
    this.size(8, 8);
    this.at = this.bytes.writeBigInt64BE(value, this.at);
    return this;
  }

  /** A whole number of any size; null is NULL. */
  numeric(value: bigint | null): this {
    if (value === null) return this.size(-1, 0);
    const { groups } = this;
    const count = split(value < 0n ? -value : value, groups);
    this.size(8 + 2 * count, 8 + 2 * count);
    this.at = this.bytes.writeInt16BE(count, this.at);
    this.at = this.bytes.writeInt16BE(count === 0 ? 0 : count - 1, this.at);
    this.at = this.bytes.writeUInt16BE(value < 0n ? NEGATIVE : 0, this.at);
    this.at = this.bytes.writeInt16BE(0, this.at);
    for (let index = count - 1; index >= 0; index -= 1)
      this.at = this.bytes.writeInt16BE(groups[index] as number, this.at);
    return this;
  }

  /** What to send. */
  end(): Buffer {
    this.room(2);
    this.at = this.bytes.writeInt16BE(-1, this.at);
    return this.bytes.subarray(0, this.at);
  }

  private size(written: number, needed: number): this {
    this.room(4 + needed);
    this.at = this.bytes.writeInt32BE(written, this.at);
    return this;
  }

  private room(needed: number): void {
    if (this.at + needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(2 * this.bytes.length, this.at + needed));
    this.bytes.copy(grown, 0, 0, this.at);
    this.bytes = grown;
  }
}

// Fills in the groups from the last to the first; gives how many.
function split(whole: bigint, groups: number[]): number {
  let count = 0;
  let rest = whole;
  while (rest > BigInt(Number.MAX_SAFE_INTEGER)) {
    const left = rest / THREE_GROUPS;
    let three = Number(rest - left * THREE_GROUPS);
    for (let index = 0; index < 3; index += 1) {
      groups[count++] = three % GROUPS;
      three = Math.floor(three / GROUPS);
    }
    rest = left;
  }
  for (let number = Number(rest); number > 0; number = Math.floor(number / GROUPS))
    groups[count++] = number % GROUPS;
  return count;
}
