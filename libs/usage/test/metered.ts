// Metered events for specs.
import { createHash } from 'node:crypto';
import type { MeteredEvent, UsageDelta } from '../../events/metered-batch.js';

/** One event of org_acme with one delta: 10 input tokens of `llama`, on demand, unless the part says otherwise. */
export function metered(
  id: string,
  part: Partial<UsageDelta> & { at: number },
  place: { organization?: string; offset?: number } = {},
): MeteredEvent {
  const delta: UsageDelta = {
    model: 'llama',
    project: null,
    apiKey: null,
    serviceTier: 'on_demand',
    adapter: null,
    user: null,
    requests: 1,
    quantities: { input: 10 },
    ...part,
  };
  return {
    offset: place.offset ?? 0,
    key: createHash('sha256').update(id).digest('hex').slice(0, 32),
    kind: 'recorded',
    source: 'node-1',
    id,
    organization: place.organization ?? 'org_acme',
    reservation: null,
    deltas: [delta],
  };
}
