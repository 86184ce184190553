// Which addresses a webhook may reach: the public internet over https, so that no endpoint leads back into the provider's own
// network (OWASP API7 server-side request forgery; ASVS 5.0, 15.3.2).
import ipaddr from 'ipaddr.js';

const PORTS = new Set(['', '443', '8443']);

const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');

/** Networks of the operator's own receivers, as CIDR: `10.1.2.0/24`. They may be reached over http and on any port. */
export type Networks = readonly string[];

/** True for a CIDR such as `10.1.2.0/24` or `fd00::/8`. */
export function isNetwork(text: string): boolean {
  return ipaddr.isValidCIDR(text);
}

/** The rule that a URL breaks, as a phrase after "the url"; undefined when none. Names are looked up later, at each connection. */
export function urlFault(text: string, allowed: Networks): string | undefined {
  if (!URL.canParse(text)) return 'must be an absolute URL';
  const { protocol, username, password, port, hostname } = new URL(text);
  if (username !== '' || password !== '') return 'must not hold a user name or a password';
  const literal = addressOf(hostname);
  if (literal !== undefined && isWithin(literal, allowed)) return undefined;
  if (protocol !== 'https:') return 'must begin with https://';
  if (!PORTS.has(port)) return 'must use port 443 or 8443';
  if (literal !== undefined && !isPublic(literal)) return 'must lead to a public address';
  return undefined;
}

/** True when a connection to this address may be made. */
export function mayReach(address: string, allowed: Networks): boolean {
  const parsed = addressOf(address);
  return parsed !== undefined && (isPublic(parsed) || isWithin(parsed, allowed));
}

// Ordinary unicast only: no loopback, private, link-local, carrier NAT, ULA, multicast, reserved, documentation or
// translated (6to4, Teredo, NAT64) range. IPv4 inside IPv6 is looked at as IPv4.
function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  // All global IPv6 unicast is in 2000::/3 (IANA); the library also calls ::127.0.0.1 unicast.
  if (address.kind() === 'ipv6' && !address.match(GLOBAL_IPV6)) return false;
  return address.range() === 'unicast';
}

function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, networks: Networks): boolean {
  return networks.some((network) => {
    const range = ipaddr.parseCIDR(network);
    return range[0].kind() === address.kind() && address.match(range);
  });
}

// A host of a URL has an IPv6 address in brackets. Undefined: it is a name.
function addressOf(host: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : undefined;
}
