// The usual event read in one pass over its bytes: a recorded event in ASCII without escapes, with our own pools, and at most one
// space after a comma or a colon. Whatever else it is, the answer is undefined and the gate's rules say what it is worth: nothing
// is refused here, and what is taken here the rules take as the same event (`gate-usual.property.spec.ts`).
import { choices, literal, NameTable, UsualText } from './gate-usual-text.js';
import { readTokens } from './gate-usual-tokens.js';
import { type Quantities, SERVICE_TIERS, type ServiceTier } from './quantities.js';
import { RECORDED_TYPE, type Usage } from './usage-event.js';

/** An event that keeps every rule but those about time. */
export interface UsualEvent {
  readonly id: string;
  readonly source: string;
  readonly organization: string;
  readonly time: string;
  readonly sequence: string | null;
  readonly reservation: string | null;
  readonly usage: Usage;
}

const ENVELOPE = new NameTable([
  'specversion',
  'type',
  'source',
  'id',
  'subject',
  'time',
  'data',
  'sequence',
  'datacontenttype',
]);
const [SPECVERSION, TYPE, SOURCE, ID, SUBJECT, TIME, DATA, SEQUENCE] = [0, 1, 2, 3, 4, 5, 6, 7];
/** The first seven. */
const REQUIRED = 0b111_1111;

const FIELDS = new NameTable([
  'model',
  'tokens',
  'project',
  'api_key',
  'service_tier',
  'adapter',
  'reservation',
  'user',
  'status',
]);
const [MODEL, TOKENS, PROJECT, API_KEY, TIER, ADAPTER, RESERVATION, USER] = [
  0, 1, 2, 3, 4, 5, 6, 7,
];
/** The first two. */
const REQUIRED_FIELDS = 0b11;

const NULL = literal('null');
const VERSION = literal('"1.0"');
const RECORDED = literal(`"${RECORDED_TYPE}"`);
const JSON_MEDIA = literal('"application/json"');
const TIERS = choices(SERVICE_TIERS);
const STATUSES = choices(['completed', 'aborted', 'failed'] as const);

/** Reads the bytes of one event; undefined when it is not the usual one. */
export function readUsual(bytes: Buffer): UsualEvent | undefined {
  reader.begin(bytes);
  return reader.envelope() && reader.isAtEnd() ? reader.event() : undefined;
}

class UsualReader extends UsualText {
  private id = '';
  private source = '';
  private organization = '';
  private time = '';
  private sequence: string | null = null;
  private model = '';
  private project: string | null = null;
  private apiKey: string | null = null;
  private tier: ServiceTier = 'on_demand';
  private adapter: string | null = null;
  private reservation: string | null = null;
  private user: string | null = null;
  private status: Usage['status'] = 'completed';
  private tokens: Quantities = {};

  /** Fields that need not come are unset again; the others come, or the event is not the usual one. */
  override begin(bytes: Buffer): void {
    super.begin(bytes);
    this.sequence = null;
    this.project = null;
    this.apiKey = null;
    this.tier = 'on_demand';
    this.adapter = null;
    this.reservation = null;
    this.user = null;
    this.status = 'completed';
  }

  event(): UsualEvent {
    const { id, source, organization, time, sequence, reservation } = this;
    const usage: Usage = {
      model: this.model,
      project: this.project,
      apiKey: this.apiKey,
      serviceTier: this.tier,
      adapter: this.adapter,
      user: this.user,
      status: this.status,
      quantities: this.tokens,
    };
    return { id, source, organization, time, sequence, reservation, usage };
  }

  /** False when it is not the usual envelope. */
  envelope(): boolean {
    if (!this.opens()) return false;
    let seen = 0;
    do {
      const name = this.named(ENVELOPE);
      if (name < 0 || (seen & (1 << name)) !== 0) return false;
      seen |= 1 << name;
      if (!this.attribute(name)) return false;
    } while (this.goesOn());
    return this.closes() && (seen & REQUIRED) === REQUIRED;
  }

  private attribute(name: number): boolean {
    switch (name) {
      case SPECVERSION:
        return this.takes(VERSION);
      case TYPE:
        return this.takes(RECORDED);
      case SOURCE:
        return (this.source = this.name()) !== '';
      case ID:
        return (this.id = this.name()) !== '';
      case SUBJECT:
        return (this.organization = this.organizationName()) !== '';
      case TIME:
        return (this.time = this.name()) !== '';
      case DATA:
        return this.data();
      case SEQUENCE:
        return this.takes(NULL) || (this.sequence = this.digits()) !== '';
      default:
        return this.takes(JSON_MEDIA) || this.takes(NULL);
    }
  }

  private data(): boolean {
    if (!this.opens()) return false;
    let seen = 0;
    do {
      const name = this.named(FIELDS);
      if (name < 0 || (seen & (1 << name)) !== 0) return false;
      seen |= 1 << name;
      if (!this.field(name)) return false;
    } while (this.goesOn());
    return this.closes() && (seen & REQUIRED_FIELDS) === REQUIRED_FIELDS;
  }

  private field(name: number): boolean {
    if (name === MODEL) return (this.model = this.name()) !== '';
    if (name === TOKENS) {
      const tokens = readTokens(this);
      if (tokens !== undefined) this.tokens = tokens;
      return tokens !== undefined;
    }
    // Null is unset, which is how the rest begin.
    return this.takes(NULL) || this.optionalField(name);
  }

  private optionalField(name: number): boolean {
    switch (name) {
      case PROJECT:
        return (this.project = this.name()) !== '';
      case API_KEY:
        return (this.apiKey = this.name()) !== '';
      case TIER:
        return this.serviceTier();
      case ADAPTER:
        return (this.adapter = this.name()) !== '';
      case RESERVATION:
        return (this.reservation = this.name()) !== '';
      case USER:
        return (this.user = this.name()) !== '';
      default:
        return this.eventStatus();
    }
  }

  private serviceTier(): boolean {
    const found = this.oneOf(TIERS);
    if (found) this.tier = found;
    return found !== undefined;
  }

  private eventStatus(): boolean {
    const found = this.oneOf(STATUSES);
    if (found) this.status = found;
    return found !== undefined;
  }
}

const reader = new UsualReader();
