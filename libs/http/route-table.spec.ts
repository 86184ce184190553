import { RouteTable } from './route-table.js';

describe('a route table', () => {
  const table = new RouteTable();
  table.add('GET', '/v1/catalog/:version', {});
  table.add(['PUT', 'GET'], '/v1/organizations/:id', {});
  table.add('GET', '/.well-known/limits.json', {});
  table.add('GET', '/console/*', {});

  it.each([
    // path                                 methods
    ['/v1/organizations/org_a', ['GET', 'PUT']],
    ['/v1/organizations/org_a/', []],
    ['/v1/organizations/', []],
    ['/v1/organizations', []],
    ['/v1/organizations/org_a/tier', []],
    ['/.well-known/limits.json', ['GET']],
    ['/.well-known/limitsXjson', []],
    ['/console/a/b', ['GET']],
  ])('%s has %j', (path, methods) => {
    expect(table.methodsOf(path)).toEqual(methods);
  });
});
