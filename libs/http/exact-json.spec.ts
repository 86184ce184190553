import { exactJson } from './exact-json.js';

describe('exact JSON', () => {
  it('prints integers beyond 2^53 digit by digit', () => {
    expect(exactJson({ units: 2n ** 64n, small: 1, list: [3n] })).toBe(
      '{"units":18446744073709551616,"small":1,"list":[3]}',
    );
  });

  it('still refuses a cycle', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(() => exactJson(cycle)).toThrow(TypeError);
  });
});
