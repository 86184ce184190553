// An endpoint of webhooks on 127.0.0.1 that checks what it gets with the official library and answers what the spec says.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export class Receiver {
  readonly received: Received[] = [];
  status = 204;
  answerHeaders: Record<string, string> = {};
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, reply) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { headers } = request;
        this.received.push({ headers, body: Buffer.concat(parts).toString() });
        reply.writeHead(this.status, this.answerHeaders);
        reply.end('x'.repeat(this.status === 204 ? 0 : 100_000));
      });
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.listen(0, '127.0.0.1', resolve);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  /** The last message, verified by the official library; throws when its signature is wrong. */
  verified(secret: string): unknown {
    const last = this.received.at(-1);
    if (!last) throw new Error('nothing was received');
    return new Webhook(secret).verify(last.body, last.headers as Record<string, string>);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }
}
