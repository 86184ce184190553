import fc from 'fast-check';
import { NameGroups, type Names } from './name-groups.js';

const name = fc.constantFrom(null, 'a', 'b');
const anyNames = fc.record({
  model: fc.constantFrom('m', 'n'),
  project: name,
  apiKey: name,
  serviceTier: fc.constantFrom('on_demand' as const, 'batch' as const),
  adapter: name,
  user: name,
});

describe('name groups', () => {
  it('are one for each organization and set of names, however many there are', () => {
    const one = fc.tuple(fc.constantFrom('org_a', 'org_b'), anyNames);
    fc.assert(
      fc.property(fc.array(one, { maxLength: 200 }), (all) => {
        const groups = new NameGroups((organization: string, names: Names) => ({
          organization,
          ...names,
        }));
        const made = new Set<object>();
        for (const [organization, names] of all) {
          const group = groups.of(organization, { ...names });
          expect(group).toEqual({ organization, ...names });
          made.add(group);
        }
        expect(made.size).toBe(new Set(all.map((key) => JSON.stringify(key))).size);
      }),
      { numRuns: 50 },
    );
  });
});
