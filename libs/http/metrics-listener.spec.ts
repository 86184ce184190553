import type { AddressInfo } from 'node:net';
import { Environment } from '../config/environment.js';
import { Metrics } from '../telemetry/metrics.js';
import { listenForScrapers, metricsAddress } from './metrics-listener.js';

describe('metrics listener', () => {
  it.each([
    // environment, address
    [{}, undefined],
    [{ METRICS_PORT: '9100' }, { host: '127.0.0.1', port: 9_100 }],
    [
      { METRICS_PORT: '9100', HOST: '0.0.0.0' },
      { host: '0.0.0.0', port: 9_100 },
    ],
    [
      { METRICS_PORT: '9100', HOST: '0.0.0.0', METRICS_HOST: '10.0.0.5' },
      { host: '10.0.0.5', port: 9_100 },
    ],
  ])('of %j is at %j', (variables, address) => {
    expect(metricsAddress(new Environment(variables))).toEqual(address);
  });

  it('refuses a port that is none', () => {
    const environment = new Environment({ METRICS_PORT: '70000' });
    expect(() => metricsAddress(environment)).toThrow('METRICS_PORT must be a whole number');
  });

  it('answers /metrics and nothing else', async () => {
    const server = await listenForScrapers(new Metrics('test'), { host: '127.0.0.1', port: 0 });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const scrape = await fetch(`${url}/metrics`);
    expect(scrape.headers.get('content-type')).toContain('text/plain');
    expect(await scrape.text()).toContain('process_cpu_seconds_total');
    for (const [path, method] of [
      ['/', 'GET'],
      ['/metrics', 'POST'],
      ['/v1/usage', 'GET'],
    ])
      expect((await fetch(url + path, { method: method as string })).status).toBe(404);
    server.close();
  });
});
