import { account } from '#libs/rating/test/terms.js';
import { NOVEMBER } from '../test/rated.js';
import { concernedBy } from './concerned.js';

describe('a billing run for everyone', () => {
  it('is about whoever was registered by the end of the month or used something in it', () => {
    const at = (id: string, effectiveFrom: number) => ({ ...account({ effectiveFrom }), id });
    const accounts = [
      at('org_old', 0),
      at('org_last', NOVEMBER.to - 1),
      at('org_new', NOVEMBER.to),
      at('org_back', NOVEMBER.to + 5),
    ];
    expect(concernedBy(NOVEMBER, accounts, ['org_back', 'org_ghost', 'org_old'])).toEqual([
      'org_back',
      'org_ghost',
      'org_last',
      'org_old',
    ]);
  });
});
