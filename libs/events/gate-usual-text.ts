// A text of JSON in its usual form, read from left to right; see `gate-usual.ts`. Every method that finds something else leaves the
// reading to the rules of the gate, so none of them goes back.

const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const ZERO = 48;
const NINE = 57;
const BACKSLASH = 92;
const TILDE = 126;
const OPEN = 123;
const CLOSE = 125;

const LONGEST_NAME = 256;
const LONGEST_COUNT = 15;
const LONGEST_SEQUENCE = 18;

/** Bytes as `takes` compares them. */
export function literal(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** A value of a closed list and the quoted text that stands for it. */
export interface Choice<Value> {
  readonly value: Value;
  readonly bytes: Uint8Array;
}

/** One choice for each text. */
export function choices<Value extends string>(values: readonly Value[]): Choice<Value>[] {
  return values.map((value) => ({ value, bytes: literal(`"${value}"`) }));
}

/** Names of one object, by the byte that they begin with: a name's number is its place in the list. */
export class NameTable {
  /** At most 31, so that those that were seen fit into one number. */
  readonly byFirst: readonly (readonly { readonly number: number; readonly bytes: Uint8Array }[])[];

  constructor(names: readonly string[]) {
    const all = names.map((name, number) => ({ number, bytes: literal(`${name}":`) }));
    this.byFirst = Array.from({ length: 128 }, (_, code) =>
      all.filter(({ bytes }) => bytes[0] === code),
    );
  }
}

/** Reads the bytes, which cost half of what the characters of a text do, and cuts names out of the text. */
export class UsualText {
  private bytes: Uint8Array = Buffer.alloc(0);
  private text = '';
  private at = 0;

  begin(bytes: Buffer): void {
    this.bytes = bytes;
    this.text = bytes.toString('latin1');
    this.at = 0;
  }

  isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  /** `{` */
  opens(): boolean {
    return this.bytes[this.at++] === OPEN;
  }

  /** `}` */
  closes(): boolean {
    return this.bytes[this.at++] === CLOSE;
  }

  /** A comma, behind which a name follows. */
  goesOn(): boolean {
    if (this.bytes[this.at] !== COMMA) return false;
    this.at += 1;
    this.space();
    return true;
  }

  /** One space at most. */
  space(): void {
    if (this.bytes[this.at] === SPACE) this.at += 1;
  }

  /** The number of the name that follows, with its colon; −1 when it is not of the table. */
  named(table: NameTable): number {
    const { bytes } = this;
    if (bytes[this.at] !== QUOTE) return -1;
    this.at += 1;
    const candidates = table.byFirst[bytes[this.at] ?? 0];
    if (candidates === undefined) return -1;
    for (let index = 0; index < candidates.length; index += 1) {
      const { number, bytes: name } = candidates[index] as (typeof candidates)[0];
      if (!this.takes(name)) continue;
      this.space();
      return number;
    }
    return -1;
  }

  /** Exactly this, which is then behind. */
  takes(wanted: Uint8Array): boolean {
    const { bytes, at } = this;
    const { length } = wanted;
    for (let index = 0; index < length; index += 1)
      if (bytes[at + index] !== wanted[index]) return false;
    this.at = at + length;
    return true;
  }

  /** One of a closed list; undefined for anything else. */
  oneOf<Value>(among: readonly Choice<Value>[]): Value | undefined {
    return among.find(({ bytes }) => this.takes(bytes))?.value;
  }

  /** A text of 1 to 256 printable characters of ASCII without escapes; '' for anything else. */
  name(): string {
    const { text } = this;
    const from = this.at + 1;
    if (text.charCodeAt(this.at) !== QUOTE) return '';
    for (let at = from; ; at += 1) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.at = at + 1;
        return at - from > LONGEST_NAME ? '' : text.slice(from, at);
      }
      // The end of the text is NaN, which is not in any range.
      if (!(code >= SPACE && code <= TILDE) || code === BACKSLASH) return '';
    }
  }

  /** `org_` and 1 to 60 of a-z, 0-9, _ and -; '' for anything else. */
  organizationName(): string {
    const name = this.name();
    if (name.length < 5 || name.length > 64 || !name.startsWith('org_')) return '';
    for (let at = 4; at < name.length; at += 1) {
      const code = name.charCodeAt(at);
      const isLetter = code >= 97 && code <= 122;
      if (!isLetter && !isDigit(code) && code !== 95 && code !== 45) return '';
    }
    return name;
  }

  /** A text of 1 to 18 digits; '' for anything else. */
  digits(): string {
    const name = this.name();
    if (name.length > LONGEST_SEQUENCE) return '';
    for (let at = 0; at < name.length; at += 1) if (!isDigit(name.charCodeAt(at))) return '';
    return name;
  }

  /** A whole number of at most 15 digits, which every number can hold as it is written; −1 for anything else. */
  count(): number {
    const { bytes } = this;
    const from = this.at;
    let value = 0;
    let at = from;
    for (let code = bytes[at] ?? 0; isDigit(code); code = bytes[(at += 1)] ?? 0)
      value = value * 10 + (code - ZERO);
    const length = at - from;
    this.at = at;
    if (length === 0 || length > LONGEST_COUNT) return -1;
    // JSON has no leading zeros.
    return length > 1 && bytes[from] === ZERO ? -1 : value;
  }
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}
