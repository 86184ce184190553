import { Environment } from '../config/environment.js';
import { type Addressed, ClientAddresses, trustedProxies } from './client-address.js';

function from(remoteAddress: string | undefined, forwarded?: string): Addressed {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return { headers, raw: { socket: { remoteAddress } } };
}

describe('client address', () => {
  it.each([
    // trusted             peer                  x-forwarded-for                  address
    ['loopback', '192.0.2.1', undefined, '192.0.2.1'],
    ['loopback', '::ffff:192.0.2.1', undefined, '192.0.2.1'],
    ['loopback', '2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
    ['loopback', '2001:db8:1:2::', undefined, '2001:db8:1:2::/64'],
    ['loopback', undefined, undefined, ''],
    // nobody else is believed
    ['loopback', '192.0.2.1', '198.51.100.7', '192.0.2.1'],
    ['loopback', '127.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['loopback', '::1', '198.51.100.7', '198.51.100.7'],
    ['loopback', '127.0.0.1', '2001:db8:a:b:c::1', '2001:db8:a:b::/64'],
    ['loopback', '127.0.0.1', '[2001:db8:a:b:c::1]:443', '2001:db8:a:b::/64'],
    ['loopback', '127.0.0.1', '198.51.100.7:5123', '198.51.100.7'],
    // what stands left of the first that is not trusted is its own invention
    ['loopback', '127.0.0.1', '203.0.113.9, 198.51.100.7', '198.51.100.7'],
    ['loopback,private', '127.0.0.1', '203.0.113.9, 10.0.0.4', '203.0.113.9'],
    ['10.0.0.0/8', '10.1.2.3', '203.0.113.9', '203.0.113.9'],
    ['10.0.0.0/8', '127.0.0.1', '203.0.113.9', '127.0.0.1'],
    ['10.1.2.3', '10.1.2.3', '203.0.113.9', '203.0.113.9'],
    ['fd00::/8', 'fd00::1', '203.0.113.9', '203.0.113.9'],
    ['private', 'fd12::1', '203.0.113.9', '203.0.113.9'],
    // nonsense is not read past
    ['loopback', '127.0.0.1', '203.0.113.9, unknown', '127.0.0.1'],
    ['loopback', '127.0.0.1', '', '127.0.0.1'],
    ['loopback', '127.0.0.1', `${'203.0.113.9,'.repeat(500)}127.0.0.1`, '203.0.113.9'],
  ])('with %s trusted, from %s that says %.30j is %s', (trusted, peer, forwarded, address) => {
    expect(new ClientAddresses(trusted.split(',')).of(from(peer, forwarded))).toBe(address);
  });

  it.each([
    ['127.0.0.1', '203.0.113.9', '203.0.113.9, 127.0.0.1'],
    ['192.0.2.1', '203.0.113.9', '192.0.2.1'],
    ['192.0.2.1', undefined, '192.0.2.1'],
  ])('is passed on from %s that says %s as %s', (peer, forwarded, passed) => {
    expect(new ClientAddresses().forwardedFor(from(peer, forwarded))).toBe(passed);
  });

  it.each(['everyone', '10.0.0.0/33', '300.1.1.1', '', 'constructor'])(
    'is refused at start with the trusted proxy %j',
    (name) => {
      const named = () => new ClientAddresses([name]);
      expect(named).toThrow(/^TRUSTED_PROXIES must name blocks/);
    },
  );

  it('trusts what TRUSTED_PROXIES names, and this machine without it', () => {
    const named = trustedProxies(new Environment({ TRUSTED_PROXIES: '10.0.0.0/8, private' }));
    expect(named.isTrusted('192.168.1.1')).toBe(true);
    expect(named.isTrusted('127.0.0.1')).toBe(false);
    expect(trustedProxies(new Environment({})).isTrusted('127.0.0.1')).toBe(true);
  });
});
