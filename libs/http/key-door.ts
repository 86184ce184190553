// Lets callers in by their key, and holds an address back that sends wrong ones, without locking out right keys behind the same
// address: a key that was right before is looked up as ever, any other waits for one of two places.
import { Counter } from 'prom-client';
import type { Scope } from '../events/account-facts.js';
import { Semaphore } from '../log/semaphore.js';
import type { Metrics } from '../telemetry/metrics.js';
import { parseApiKey } from './api-key.js';
import type { Authenticator, Caller } from './authenticator.js';
import { type Addressed, ClientAddresses } from './client-address.js';
import { FailedKeys } from './failed-keys.js';
import { Problem } from './problem.js';

/** Look-ups at once for addresses that are held back, and how many wait for one: the database serves the others meanwhile. */
const [LOOK_UPS, WAITING] = [2, 64];
/** Ids of right keys that are remembered. */
const REMEMBERED = 10_000;

export interface KeyDoorParts {
  readonly metrics: Metrics;
  readonly failed?: FailedKeys | undefined;
  readonly addresses?: ClientAddresses | undefined;
}

/** One for all the routes of an app. */
export class KeyDoor {
  private readonly failed: FailedKeys;
  private readonly addresses: ClientAddresses;
  private readonly wrong: Counter<'outcome'>;
  private readonly lane = new Semaphore(LOOK_UPS);
  private readonly right = new Set<string>();
  private inLane = 0;

  constructor(
    parts: KeyDoorParts,
    private readonly keys: () => Authenticator,
  ) {
    this.failed = parts.failed ?? new FailedKeys(Date.now);
    this.addresses = parts.addresses ?? new ClientAddresses();
    this.wrong = new Counter({
      name: 'meterbook_wrong_keys_total',
      help: 'Requests with a key that is not valid: told so, or told to wait',
      labelNames: ['outcome'] as const,
      registers: [parts.metrics.registry],
    });
  }

  /**
   * The caller, who must have one of the scopes. Throws Problem 401 or 403, and 429 with `retry-after` instead of 401 while the
   * address has sent too many wrong keys. No promise for the admin key.
   */
  admit(request: Addressed, scopes: readonly Scope[]): Caller | Promise<Caller> {
    const { authorization } = request.headers;
    const address = this.failed.size === 0 ? undefined : this.addresses.of(request);
    const wait = address === undefined ? 0 : this.failed.wait(address);
    if (wait > 0 && address !== undefined) return this.admitSuspect(request, scopes, wait);
    try {
      const admitted = this.keys().admit(authorization, scopes);
      if (!(admitted instanceof Promise)) return admitted;
      return admitted.then(
        (caller) => this.remember(caller),
        (error: unknown) => this.refuse(error, request, 0),
      );
    } catch (error) {
      return this.refuse(error, request, 0);
    }
  }

  private async admitSuspect(
    request: Addressed,
    scopes: readonly Scope[],
    wait: number,
  ): Promise<Caller> {
    const { authorization } = request.headers;
    const look = async (): Promise<Caller> => this.keys().admit(authorization, scopes);
    try {
      if (!this.isStranger(authorization)) return await look();
      if (this.inLane >= LOOK_UPS + WAITING) throw tooManyWrong(wait);
      this.inLane += 1;
      try {
        return this.remember(await this.lane.run(look));
      } finally {
        this.inLane -= 1;
      }
    } catch (error) {
      return this.refuse(error, request, wait);
    }
  }

  // Of what is no key at all nothing is looked up, and what was right before is looked up as ever.
  private isStranger(authorization = ''): boolean {
    const parsed = parseApiKey(authorization.slice(authorization.lastIndexOf(' ') + 1));
    if (parsed === undefined || parsed.id === this.keys().adminId) return false;
    return !this.right.has(parsed.id);
  }

  private remember(caller: Caller): Caller {
    if (this.right.has(caller.keyId)) return caller;
    this.right.add(caller.keyId);
    if (this.right.size <= REMEMBERED) return caller;
    const [oldest] = this.right;
    this.right.delete(oldest as string);
    return caller;
  }

  private refuse(error: unknown, request: Addressed, wait: number): never {
    if (!(error instanceof Problem) || !isWrongKey(error)) throw error;
    this.failed.failed(this.addresses.of(request));
    this.wrong.inc({ outcome: wait > 0 ? 'throttled' : 'refused' });
    throw wait > 0 ? tooManyWrong(wait) : error;
  }
}

// A request without a key is no attempt; one without the scope has a right key.
function isWrongKey({ status, code }: Problem): boolean {
  return status === 429 || (status === 401 && code !== 'missing_api_key');
}

function tooManyWrong(seconds: number): Problem {
  return new Problem(
    429,
    'too_many_wrong_keys',
    `Too many keys that are not valid came from this address, and this is one: try again in ${seconds} s.`,
    { headers: { 'retry-after': String(seconds) } },
  );
}
