// A service that answers `GET /ops/usage-totals` as a spec tells it to: what metering or quota would say.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PeerAnswer {
  readonly status?: number;
  readonly body: string;
}

export interface FakePeer {
  readonly url: string;
  /** The questions so far: `organization=…&period=…`, decoded, and the Authorization header. */
  readonly asked: { readonly query: URLSearchParams; readonly authorization: string }[];
  /** Gives the answer to the n-th question, from 0; null never answers. */
  reply: (question: number) => PeerAnswer | null;
  close(): Promise<void>;
}

export async function openFakePeer(): Promise<FakePeer> {
  const asked: FakePeer['asked'] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const { searchParams: query } = new URL(request.url ?? '', 'http://peer');
    const answer = peer.reply(asked.length);
    asked.push({ query, authorization: request.headers.authorization ?? '' });
    if (answer === null) return;
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' });
    response.end(answer.body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const peer: FakePeer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    reply: () => ({ body: '{}' }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
  return peer;
}
