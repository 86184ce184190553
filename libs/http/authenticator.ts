// Tells who calls by their API key: form and checksum first, then the stored hash in constant time. Nothing is cached: a key that
// was revoked is refused from the moment its service knows; callers who ask at once share one look-up that began after they asked.
import { hash, timingSafeEqual } from 'node:crypto';
import { ConfigurationError } from '../config/environment.js';
import type { Scope } from '../events/account-facts.js';
import { Coalesced } from '../projection/coalesced.js';
import type { Clock } from '../time/instant.js';
import { hashApiKey, parseApiKey } from './api-key.js';
import type { KeyDirectory, StoredKey } from './keys.js';
import { Problem } from './problem.js';

/** Who calls: the key's id, the organization that it is bound to (null: none), its scopes. */
export interface Caller {
  readonly keyId: string;
  readonly organization: string | null;
  readonly scopes: readonly Scope[];
}

interface Asking {
  readonly answer: Coalesced<StoredKey | undefined>;
  callers: number;
}

const REALM = 'Bearer realm="meterbook"';

/** Checks keys against the first admin key and the service's own directory. */
export class Authenticator {
  private readonly admin: StoredKey;
  private readonly adminCaller: Caller;
  private readonly asking = new Map<string, Asking>();

  /** Throws ConfigurationError naming MB_ADMIN_KEY when that is no key. */
  constructor(
    adminKey: string,
    private readonly clock: Clock,
    private readonly keys?: KeyDirectory,
  ) {
    const parsed = parseApiKey(adminKey);
    if (!parsed)
      throw new ConfigurationError(
        'MB_ADMIN_KEY must be a key like mb_<8 id>_<38 secret and checksum>; `npm run up` makes one',
      );
    const unlimited = { organization: null, expiresAt: null, revokedAt: null };
    const stored = { id: parsed.id, hash: hashApiKey(adminKey), scopes: ['admin'] as const };
    this.admin = { ...stored, ...unlimited };
    this.adminCaller = callerOf(this.admin);
  }

  /** The id of the first admin key. */
  get adminId(): string {
    return this.admin.id;
  }

  /**
   * The caller behind an Authorization header, who must have one of the scopes. Throws Problem 401 or 403; gives no promise for
   * the admin key, which needs no look-up.
   */
  admit(header: string | undefined, scopes: readonly Scope[]): Caller | Promise<Caller> {
    const [scheme, text] = header?.split(/ +/, 2) ?? [];
    if (!text || scheme?.toLowerCase() !== 'bearer')
      throw unauthorized('missing_api_key', 'Send the API key as Authorization: Bearer mb_…', '');
    const parsed = parseApiKey(text);
    if (!parsed) throw unauthorized('invalid_api_key', 'This is not a well-formed API key.');
    const hashed = hash('sha256', text, 'hex');
    if (parsed.id === this.admin.id && isSame(hashed, this.admin.hash)) return this.adminCaller;
    return this.look(parsed.id, hashed, scopes);
  }

  private async look(id: string, hashed: string, scopes: readonly Scope[]): Promise<Caller> {
    const stored = await this.find(id);
    // The work for an id that is not there is the same: the answer's time tells nothing.
    const isRight = isSame(hashed, stored?.hash ?? this.admin.hash) && stored !== undefined;
    if (!isRight) throw unauthorized('invalid_api_key', 'There is no such API key.');
    if (stored.revokedAt !== null)
      throw unauthorized('revoked_api_key', 'This API key was revoked.');
    if (stored.expiresAt !== null && stored.expiresAt <= this.clock())
      throw unauthorized('expired_api_key', 'This API key has expired.');
    if (!mayDo(stored.scopes, scopes)) throw missingScope(scopes);
    return callerOf(stored);
  }

  private async find(id: string): Promise<StoredKey | undefined> {
    const { keys } = this;
    if (keys === undefined) return undefined;
    const asking = this.asking.get(id) ?? {
      answer: new Coalesced(async () => keys.find(id)),
      callers: 0,
    };
    this.asking.set(id, asking);
    asking.callers += 1;
    try {
      return await asking.answer.ask();
    } finally {
      asking.callers -= 1;
      if (asking.callers === 0) this.asking.delete(id);
    }
  }
}

/** `admin` implies every scope. */
function mayDo(has: readonly Scope[], needed: readonly Scope[]): boolean {
  return has.includes('admin') || needed.some((scope) => has.includes(scope));
}

function callerOf({ id, organization, scopes }: StoredKey): Caller {
  return { keyId: id, organization, scopes };
}

// Both are 64 hex digits, or the stored one is no hash at all.
function isSame(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}

// RFC 6750, section 3: a request that gave no key gets no error code.
function unauthorized(code: string, detail: string, error = ', error="invalid_token"'): Problem {
  return new Problem(401, code, detail, { headers: { 'www-authenticate': `${REALM}${error}` } });
}

function missingScope(scopes: readonly Scope[]): Problem {
  const challenge = `${REALM}, error="insufficient_scope", scope="${scopes.join(' ')}"`;
  return new Problem(403, 'missing_scope', `This key lacks the scope ${scopes.join(' or ')}.`, {
    headers: { 'www-authenticate': challenge },
    members: { scopes },
  });
}
