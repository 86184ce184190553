import fc from 'fast-check';
import type { UsageDelta } from '#libs/events/metered-batch.js';
import type { Usage } from '#libs/events/usage-event.js';
import { correctionDeltas, currentOf, usageDelta } from './deltas.js';

const usage = (change: Partial<Usage> = {}): Usage => ({
  model: 'm',
  project: null,
  apiKey: null,
  serviceTier: 'on_demand',
  adapter: null,
  user: null,
  status: 'completed',
  quantities: { input: 10, output: 2 },
  ...change,
});

describe('deltas of a correction', () => {
  const original = usageDelta(usage(), 5);

  it('take off what was counted when the event is voided', () => {
    expect(correctionDeltas([original], null, 5)).toEqual([
      { ...original, requests: -1, quantities: { input: -10, output: -2 } },
    ]);
  });

  it('book nothing when the event is void already', () => {
    const voided = correctionDeltas([original], null, 5);
    expect(correctionDeltas([original, ...voided], null, 5)).toEqual([]);
  });

  it('move usage to another model at the original time', () => {
    const deltas = correctionDeltas([original], usage({ model: 'n', quantities: { input: 4 } }), 5);
    expect(currentOf([original, ...deltas])).toEqual([
      { ...original, model: 'n', quantities: { input: 4 } },
    ]);
  });

  it('count again what is corrected after a void', () => {
    const voided = correctionDeltas([original], null, 5);
    const again = correctionDeltas([original, ...voided], usage({ quantities: { input: 1 } }), 5);
    expect(again).toEqual([{ ...original, quantities: { input: 1 } }]);
  });

  it('leave exactly the last correction, whatever came before', () => {
    const step = fc.option(fc.record({ model: fc.constantFrom('m', 'n'), input: fc.nat(1_000) }), {
      nil: null,
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
        let booked: UsageDelta[] = [original];
        for (const made of steps) {
          const right =
            made &&
            usage({ model: made.model, quantities: made.input ? { input: made.input } : {} });
          booked = [...booked, ...correctionDeltas(booked, right, 5)];
        }
        const last = steps.at(-1);
        const left = currentOf(booked).map(({ model, quantities }) => [
          model,
          quantities.input ?? 0,
        ]);
        expect(left).toEqual(last ? [[last.model, last.input]] : []);
      }),
    );
  });
});
