import { seededRandom } from './random.js';
import {
  correctedCloudEvent,
  type UsageMessage,
  usageCloudEvent,
  uuidV7,
  voidedCloudEvent,
} from './usage-message.js';

const message: UsageMessage = {
  id: 'a',
  source: '//demo/node-1',
  organization: 'org_a',
  at: Date.UTC(2026, 10, 24, 9, 30, 0, 120),
  sequence: 4711,
  model: 'm',
  project: null,
  serviceTier: 'batch',
  adapter: null,
  tokens: { input: 3, output: 4 },
};

describe('usage message', () => {
  it('is a CloudEvent of ours', () => {
    expect(usageCloudEvent(message)).toEqual({
      specversion: '1.0',
      type: 'dev.meterbook.usage.v1',
      source: '//demo/node-1',
      id: 'a',
      subject: 'org_a',
      time: '2026-11-24T09:30:00.120Z',
      sequence: '00000000000000004711',
      data: {
        model: 'm',
        project: null,
        service_tier: 'batch',
        adapter: null,
        status: 'completed',
        tokens: { input: 3, output: 4 },
      },
    });
  });

  it('names the original when it corrects or voids', () => {
    const later = { ...message, id: 'b', sequence: null };
    const named = { original: { id: 'a', source: '//demo/node-1' }, reason: 'retry counted' };
    expect(correctedCloudEvent(later, message, 'retry counted')).toMatchObject({
      type: 'dev.meterbook.usage.corrected.v1',
      id: 'b',
      data: { ...named, model: 'm' },
    });
    expect(voidedCloudEvent(later, message, 'retry counted')).toMatchObject({
      type: 'dev.meterbook.usage.voided.v1',
      data: named,
    });
  });

  it('carries its time in the first 48 bits of its id', () => {
    const id = uuidV7(message.at, seededRandom(1));
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(message.at);
  });
});
