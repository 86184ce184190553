import { NOON, termsOf } from '../test/standings.js';
import { limitsOf } from '#libs/rating/price-book.js';
import { projectLimitsOf, projectLimitSteps } from './project-limits.js';

const overrides = [
  { project: 'chat', limits: { tokens_per_minute: 10, requests_per_minute: 5 } },
  { project: 'chat', limits: { tokens_per_minute: 20 }, from: NOON },
  { project: 'chat', limits: { tokens_per_day: 7 }, from: NOON, to: NOON + 5 },
  { project: 'chat', model: 'small', limits: { tokens_per_minute: 1 } },
];

describe('limits of a project', () => {
  it.each([
    ['chat', NOON - 1, { tokens_per_minute: 10, requests_per_minute: 5 }],
    ['chat', NOON, { tokens_per_minute: 20, requests_per_minute: 5, tokens_per_day: 7 }],
    ['chat', NOON + 5, { tokens_per_minute: 20, requests_per_minute: 5 }],
    ['other', NOON, {}],
  ])('%s at %s are %p', (project, at, limits) => {
    expect(projectLimitsOf(termsOf({ overrides }), project, 'llama', at)).toEqual(limits);
  });

  it('leave those of the organization alone', () => {
    const own = limitsOf(termsOf({ overrides }), 'llama', NOON);
    expect(own).toEqual(limitsOf(termsOf(), 'llama', NOON));
  });

  it('are one step per change', () => {
    const steps = projectLimitSteps(termsOf({ overrides }), 'chat', 'llama', [NOON - 1, NOON + 9]);
    expect(steps.map(({ from }) => from - NOON)).toEqual([-1, 0, 5]);
  });
});
