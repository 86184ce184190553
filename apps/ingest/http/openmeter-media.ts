import { Problem } from '#libs/http/problem.js';
import { trimmed } from '../domain/split-lines.js';
import { elements, type SentItems } from './events-media.js';
import { shownMedia } from '#libs/http/shown-media.js';

export const OPENMETER_MEDIA = [
  'application/cloudevents+json',
  'application/cloudevents-batch+json',
  'application/json',
] as const;

const OPEN_ARRAY = 0x5b;

/** Cuts a body of OpenMeter's door into its events; `application/json` is one or an array, told by its first byte. */
export function splitOpenMeter(bytes: Buffer, media: string): SentItems {
  switch (media) {
    case 'application/cloudevents+json':
      return { items: [bytes], kind: 'one' };
    case 'application/cloudevents-batch+json':
      return { items: elements(bytes), kind: 'array' };
    case 'application/json':
      return trimmed(bytes, 0, bytes.length)?.[0] === OPEN_ARRAY
        ? { items: elements(bytes), kind: 'array' }
        : { items: [bytes], kind: 'one' };
    default:
      throw new Problem(
        415,
        'unsupported_media_type',
        `Events come as ${OPENMETER_MEDIA.join(', ')}; not as ${shownMedia(media)}.`,
        { headers: { 'accept-post': OPENMETER_MEDIA.join(', ') } },
      );
  }
}
