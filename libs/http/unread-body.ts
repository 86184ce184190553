// What becomes of a body that was refused before it was read to its end. A small one is read past, so that the connection can be
// kept; of a large one so much that an honest sender gets to read the answer; then the connection is cut.
import type { IncomingMessage } from 'node:http';

/** Node reads past this much by itself: not worth a listener. */
const SMALL = 262_144;
/** Three times the largest body of any route. */
const MOST = 16 * 1_048_576;
/** How long the sender of a refused body may take for the rest. */
const LINGER_MS = 5_000;

/** Reads past the rest of a refused request's body, and cuts the connection at 16 MiB or after 5 s. */
export function dropUnread(request: IncomingMessage, most = MOST, lingerMs = LINGER_MS): void {
  if (request.complete || request.destroyed) return;
  const length = Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY);
  const hasBody = 'transfer-encoding' in request.headers || length > 0;
  if (!hasBody || length <= SMALL) return;
  const cut = (): void => void request.socket.destroy();
  const timer = setTimeout(cut, lingerMs);
  timer.unref();
  let dropped = 0;
  request.on('data', (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > most) cut();
  });
  request.once('close', () => clearTimeout(timer));
  request.once('end', () => clearTimeout(timer));
  request.resume();
}
