// Issued invoices behind the door, for specs of what becomes of them.
import { metered } from '#libs/usage/test/metered.js';
import { type Door, openDoor } from './door.js';
import { NOON } from './log-writer.js';
import { CLOSABLE, Stand, until } from './stand.js';

export interface LifeStand {
  readonly stand: Stand;
  readonly door: Door;
  /** Of org_1 and so on, each of one line: a million input tokens for 5.00 USD. */
  readonly numbers: string[];
  readonly keys: Readonly<Record<'own' | 'other' | 'reader', string>>;
  /** A billing run for everyone, to its end; of 2026-11 unless told. */
  bill(period?: string): Promise<void>;
  close(): Promise<void>;
}

/** A stand with so many organizations whose November is billed. */
export async function openLife(organizations: number): Promise<LifeStand> {
  const stand = await Stand.open();
  const door = await openDoor(stand);
  await stand.publish();
  const names = Array.from({ length: organizations }, (_, index) => `org_${index + 1}`);
  for (const organization of names) {
    await stand.register(organization);
    const usage = { at: NOON, quantities: { input: 1_000_000 } };
    await stand.meter([metered(organization, usage, { organization })]);
  }
  await stand.register('org_other');
  const keys = {
    own: await stand.key('org_1'),
    other: await stand.key('org_other'),
    reader: await stand.key(null, ['billing:read']),
  };
  await stand.caughtUp();
  stand.now = CLOSABLE;
  const bill = async (period = '2026-11'): Promise<void> => {
    const body = JSON.stringify({ period });
    const run = await door.call('/v1/billing-runs', { method: 'POST', body });
    const path = `/v1/billing-runs/${run.body.id}`;
    await until(async () => (await door.call(path)).body.state === 'done');
  };
  await bill();
  const { body } = await door.call('/v1/invoices');
  const numbers = names.map(
    (name) =>
      (body.data as { number: string; organization: string }[]).find(
        ({ organization }) => organization === name,
      )?.number as string,
  );
  const close = async (): Promise<void> => {
    await door.close();
    await stand.close();
  };
  return { stand, door, numbers, keys, bill, close };
}
