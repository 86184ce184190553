import { activeResources, heapUsed, slope } from './steady.js';

describe('slope', () => {
  it.each<[[number, number][], number]>([
    [[], 0],
    [[[1, 5]], 0],
    [
      [
        [0, 1],
        [1, 3],
        [2, 5],
      ],
      2,
    ],
    [
      [
        [0, 7],
        [1, 7],
        [5, 7],
      ],
      0,
    ],
    [
      [
        [0, 0],
        [1, 1],
        [2, 0],
      ],
      0,
    ],
  ])('of %j is %d', (points, expected) => {
    expect(slope(points)).toBeCloseTo(expected);
  });
});

describe('active resources', () => {
  it('are counted by type, whatever labels stand beside it', () => {
    const metrics = [
      '# TYPE nodejs_active_resources gauge',
      'nodejs_active_resources{type="Timeout",service="quota"} 4',
      'nodejs_active_resources{service="quota",type="TCPSocketWrap"} 12',
      'nodejs_active_resources_total{service="quota"} 16',
    ].join('\n');
    expect([...activeResources(metrics)]).toEqual([
      ['Timeout', 4],
      ['TCPSocketWrap', 12],
    ]);
  });
});

describe('heap in use', () => {
  it.each([
    ['nodejs_heap_size_used_bytes{service="quota"} 1048576', 1_048_576],
    ['# HELP x\nnodejs_heap_size_used_bytes 7\nnodejs_heap_size_total_bytes 9', 7],
    ['nodejs_heap_size_total_bytes 9', Number.NaN],
  ])('of %j is %d', (metrics, bytes) => {
    expect(heapUsed(metrics)).toBe(bytes);
  });
});
