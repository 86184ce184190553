import { pause } from '#libs/stack/children.js';
import { atLeast, type Sent } from '../client/event-sender.js';
import type { StackClient } from '../client/stack-client.js';

export interface Billed {
  readonly issued: number;
  readonly parked: readonly { organization: string; reason: string }[];
  readonly blocked: readonly { organization: string; reason: string }[];
}

interface Run extends Billed {
  readonly state: 'running' | 'done' | 'failed';
}

/** Bills a closed month for the given organizations once invoicing has read what was sent; waits until the run is done. */
export async function billMonth(
  client: StackClient,
  period: string,
  accounts: readonly { organization: string }[],
  sent: Sent,
): Promise<Billed> {
  const organizations = accounts.map(({ organization }) => organization);
  await client.readings(organizations[0] ?? '', period, atLeast(sent));
  const { id } = await client.invoicing.post<{ id: string }>(
    '/v1/billing-runs',
    { period, organizations },
    { idempotencyKey: `demo-billing-${period}-${Date.now()}` },
  );
  const deadline = performance.now() + 60_000;
  for (;;) {
    const run = await client.invoicing.get<Run>(`/v1/billing-runs/${id}`);
    if (run.state === 'done') return run;
    if (run.state === 'failed' || performance.now() > deadline)
      throw new Error(`billing run ${id} is ${run.state}: ${JSON.stringify(run)}`);
    await pause(100);
  }
}
