// Whose request it is, by address: the peer's own, or what a trusted proxy says of it. Nobody else's word counts, or anyone could
// send from as many addresses as they can write down.
import type { IncomingHttpHeaders } from 'node:http';
import ipaddr from 'ipaddr.js';
import { ConfigurationError, type Environment } from '../config/environment.js';

/** Names of ranges that TRUSTED_PROXIES may use beside CIDR blocks (ipaddr.js calls them so). */
const RANGES: Readonly<Record<string, readonly string[]>> = {
  loopback: ['loopback'],
  private: ['private', 'uniqueLocal', 'linkLocal'],
};
/** Hops that are looked at, from the nearest: a longer list is somebody's invention. */
const MOST_HOPS = 16;
const MOST_KNOWN = 1_000;

type Address = ReturnType<typeof ipaddr.process>;
type Trust = (address: Address) => boolean;

/** What `of` reads of a request. */
export interface Addressed {
  readonly headers: IncomingHttpHeaders;
  readonly raw: { readonly socket: { readonly remoteAddress?: string | undefined } };
}

/** TRUSTED_PROXIES: CIDR blocks, `loopback` and `private`, separated by commas; `loopback` when it is not set. */
export function trustedProxies(environment: Environment): ClientAddresses {
  const text = environment.text('TRUSTED_PROXIES', 'loopback');
  return new ClientAddresses(text.split(',').map((name) => name.trim()));
}

/** Tells the addresses of callers apart. */
export class ClientAddresses {
  private readonly trusts: readonly Trust[];
  private readonly known = new Map<string, boolean>();

  /** Throws ConfigurationError naming TRUSTED_PROXIES for what is no block. */
  constructor(trusted: readonly string[] = ['loopback']) {
    this.trusts = trusted.map(trustOf);
  }

  /** IPv4 as it is; of IPv6 the /64, which is what one customer gets to choose addresses from (RFC 6177). */
  of({ headers, raw }: Addressed): string {
    const peer = raw.socket.remoteAddress ?? '';
    const forwarded = headers['x-forwarded-for'];
    if (forwarded === undefined || !this.isTrusted(peer)) return groupOf(peer);
    let nearest = peer;
    for (const hop of [forwarded].flat().join().split(',').slice(-MOST_HOPS).toReversed()) {
      const address = bare(hop);
      if (!ipaddr.isValid(address)) break;
      nearest = address;
      if (!this.isTrusted(address)) break;
    }
    return groupOf(nearest);
  }

  /** The `x-forwarded-for` of a request that is passed on: what a trusted peer says, and the peer; of another the peer alone. */
  forwardedFor({ headers, raw }: Addressed): string {
    const peer = raw.socket.remoteAddress ?? 'unknown';
    const given = headers['x-forwarded-for'];
    return given === undefined || !this.isTrusted(peer)
      ? peer
      : `${[given].flat().join()}, ${peer}`;
  }

  /** True for the address of a proxy that is believed. */
  isTrusted(text: string): boolean {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const address = ipaddr.isValid(text) ? ipaddr.process(text) : undefined;
    const isTrusted = address !== undefined && this.trusts.some((trust) => trust(address));
    if (this.known.size >= MOST_KNOWN) this.known.clear();
    this.known.set(text, isTrusted);
    return isTrusted;
  }
}

function trustOf(name: string): Trust {
  const ranges = Object.hasOwn(RANGES, name) ? RANGES[name] : undefined;
  if (ranges) return (address) => ranges.includes(address.range());
  if (!ipaddr.isValidCIDR(name) && !ipaddr.isValid(name))
    throw new ConfigurationError(
      `TRUSTED_PROXIES must name blocks such as 10.0.0.0/8, loopback or private, not "${name}"`,
    );
  const bits = name.includes(':') ? 128 : 32;
  const block = ipaddr.parseCIDR(name.includes('/') ? name : `${name}/${bits}`);
  return (address) => address.kind() === block[0].kind() && address.match(block);
}

// `[2001:db8::1]:443` and `192.0.2.1:443` are written by some proxies.
function bare(hop: string): string {
  const text = hop.trim();
  const inBrackets = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1];
  return inBrackets ?? (/^[\d.]+:\d+$/.test(text) ? text.split(':', 1)[0]! : text);
}

function groupOf(text: string): string {
  if (!ipaddr.isValid(text)) return '';
  const address = ipaddr.process(text);
  if (address.kind() === 'ipv4') return address.toString();
  const { parts } = address as ReturnType<typeof ipaddr.IPv6.parse>;
  return `${parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
