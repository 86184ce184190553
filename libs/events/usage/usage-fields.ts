// Reads counts out of a provider's usage object and keeps the first fault instead of throwing, so that a normaliser is
// arithmetic from top to bottom. Null and absent both mean "not said"; unknown fields are the provider's own business.
import type { DoorReason } from '../rejection.js';

export interface UsageFault {
  readonly reason: DoorReason;
  /** JSON pointer below the usage object. */
  readonly pointer: string;
  readonly detail: string;
}

/** What a whole usage object shares with the objects inside it. */
interface Findings {
  fault: UsageFault | undefined;
  counts: number;
}

const NOTHING: Readonly<Record<string, unknown>> = Object.freeze({});

export class UsageFields {
  private constructor(
    private readonly raw: Readonly<Record<string, unknown>>,
    private readonly path: string,
    private readonly findings: Findings,
  ) {}

  static of(raw: Readonly<Record<string, unknown>>): UsageFields {
    return new UsageFields(raw, '', { fault: undefined, counts: 0 });
  }

  get fault(): UsageFault | undefined {
    return this.findings.fault;
  }

  /** How many counts were found, in this object and all inside it: none means that nothing was said. */
  get counts(): number {
    return this.findings.counts;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.raw, name) && this.raw[name] !== null;
  }

  /** True when `name` is there and nothing else that could be a count or hold one. */
  isOnly(name: string): boolean {
    return (
      this.has(name) &&
      Object.entries(this.raw).every(([other, value]) => other === name || isSilent(value))
    );
  }

  text(name: string): string | null {
    const value = this.own(name);
    return typeof value === 'string' ? value : null;
  }

  /** A whole number from 0 to 2^53−1; undefined when it is absent, null or at fault. */
  count(name: string): number | undefined {
    const value = this.own(name);
    if (value === undefined || value === null) return undefined;
    this.findings.counts++;
    if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
    this.refuse('invalid_quantity', `/${escaped(name)}`, `must be a whole number from 0 to 2^53-1`);
    return undefined;
  }

  /** The first of several spellings that is there, else 0. */
  first(...names: readonly string[]): number {
    for (const name of names) {
      const value = this.count(name);
      if (value !== undefined) return value;
    }
    return 0;
  }

  /** Seconds, of which decimals are taken, as whole milliseconds; 0 when absent. */
  milliseconds(name: string): number {
    const value = this.own(name);
    if (value === undefined || value === null) return 0;
    this.findings.counts++;
    const units = typeof value === 'number' ? Math.round(value * 1_000) : Number.NaN;
    if (Number.isSafeInteger(units) && units >= 0) return units;
    this.refuse('invalid_quantity', `/${escaped(name)}`, 'must be seconds from 0 to 9007199254740');
    return 0;
  }

  /** The same object as if `name` were absent. */
  without(name: string): UsageFields {
    return new UsageFields({ ...this.raw, [name]: null }, this.path, this.findings);
  }

  /** The object inside, an empty one when it is absent or null. */
  part(name: string): UsageFields {
    const value = this.own(name) ?? NOTHING;
    const pointer = `/${escaped(name)}`;
    if (typeof value !== 'object' || Array.isArray(value)) {
      this.refuse('invalid_value', pointer, 'must be an object');
      return new UsageFields(NOTHING, this.path + pointer, this.findings);
    }
    return new UsageFields(value as Record<string, unknown>, this.path + pointer, this.findings);
  }

  /** The objects of an array inside, [] when it is absent or null. */
  parts(name: string): readonly UsageFields[] {
    const value = this.own(name) ?? [];
    const pointer = `/${escaped(name)}`;
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'object' && item)) {
      this.refuse('invalid_value', pointer, 'must be an array of objects');
      return [];
    }
    return value.map(
      (item, index) => new UsageFields(item, `${this.path}${pointer}/${index}`, this.findings),
    );
  }

  /** Keeps the first fault; `pointer` is relative to this object. */
  refuse(reason: DoorReason, pointer: string, detail: string): void {
    this.findings.fault ??= { reason, pointer: this.path + pointer, detail };
  }

  /** `whole` less its parts, refused as `quantities_do_not_add_up` when the parts are more. */
  rest(name: string, whole: number, parts: number): number {
    if (parts <= whole) return whole - parts;
    this.refuse('quantities_do_not_add_up', `/${name}`, `is ${whole}, its parts are ${parts}`);
    return 0;
  }

  /** The provider's own total, where it gives one, must be what we counted. */
  total(name: string, counted: number): void {
    const total = this.count(name);
    if (total === undefined || total === counted) return;
    this.refuse('quantities_do_not_add_up', `/${name}`, `is ${total}, its parts are ${counted}`);
  }

  private own(name: string): unknown {
    return Object.hasOwn(this.raw, name) ? this.raw[name] : undefined;
  }
}

function isSilent(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
