import { MESSAGE, MESSAGE_NOW, withData } from '#libs/testing/usage-message.js';
import { Admission } from './admission.js';

const bytes = (event: object) => Buffer.from(JSON.stringify(event));

describe('admission', () => {
  it('lets good items in by their own bytes, whatever their neighbours are', () => {
    const admission = new Admission({ now: MESSAGE_NOW, organization: null });
    const items = [
      bytes(MESSAGE),
      Buffer.from('{'),
      bytes(withData({ model: '' })),
      bytes(MESSAGE),
    ];
    for (const [index, item] of items.entries()) admission.admit(index, item);
    expect(admission.admitted.map(({ bytes: own }) => own)).toEqual([items[0], items[3]]);
    expect(admission.rejected).toEqual([
      {
        index: 1,
        id: null,
        reason: 'invalid_json',
        pointer: '',
        detail: 'the event is not JSON',
      },
      {
        index: 2,
        id: 'req-1',
        reason: 'invalid_value',
        pointer: '/data/model',
        detail:
          'data.model must be a text of 1 to 256 characters without control characters, not ""',
      },
    ]);
  });

  it('lets in only events of the organization that the key is bound to', () => {
    const bound = new Admission({ now: MESSAGE_NOW, organization: 'org_acme' });
    bound.admit(0, bytes(MESSAGE));
    bound.admit(1, bytes({ ...MESSAGE, subject: 'org_other' }));
    expect(bound.admitted).toHaveLength(1);
    expect(bound.rejected).toEqual([
      {
        index: 1,
        id: 'req-1',
        reason: 'not_allowed',
        pointer: '/subject',
        detail: 'this key is bound to org_acme',
      },
    ]);
  });
});
