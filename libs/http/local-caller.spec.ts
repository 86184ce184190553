import type { FastifyRequest } from 'fastify';
import { isLocalCaller } from './local-caller.js';

describe('local caller', () => {
  it.each([
    // address, headers, is local
    ['127.0.0.1', {}, true],
    ['127.8.9.1', {}, true],
    ['::1', {}, true],
    ['::ffff:127.0.0.1', {}, true],
    ['10.0.0.1', {}, false],
    ['::ffff:10.127.0.1', {}, false],
    ['', {}, false],
    ['127.0.0.1', { 'x-forwarded-for': '10.0.0.1' }, false],
    ['127.0.0.1', { forwarded: 'for=10.0.0.1' }, false],
    ['127.0.0.1', { via: '1.1 edge' }, false],
  ])('from %j with %j is %j', (remoteAddress, headers, isLocal) => {
    const request = { raw: { socket: { remoteAddress } }, headers } as unknown as FastifyRequest;
    expect(isLocalCaller(request)).toBe(isLocal);
  });
});
