// Invoicing behind its doors, for specs: the app as a process has it, on a free port.
import { createApp } from '#libs/http/app.js';
import type { InvoicingParts } from '../consumers/invoicing-runners.js';
import { LARGEST_BODY } from '../http/document-doors.js';
import { InvoicingModule } from '../invoicing.module.js';
import { ADMIN_KEY, type Stand } from './stand.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON of the answer, else its text. */
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** '' is no key. */
export type Call = (
  path: string,
  init?: RequestInit & { readonly key?: string },
) => Promise<Answer>;

export interface Door {
  readonly call: Call;
  close(): Promise<void>;
}

/** Starts the app with its projections and its billing work; the caller closes it before the stand. */
export async function openDoor(
  stand: Stand,
  peers?: InvoicingParts['peers'],
  billing: Partial<InvoicingParts['billing']> = {},
): Promise<Door> {
  const server = stand.server();
  const own = stand.parts();
  const parts = { ...own, ...(peers && { peers }), billing: { ...own.billing, ...billing } };
  const app = await createApp(InvoicingModule.with(parts, server), {
    name: 'invoicing',
    ...parts,
    bodyLimit: LARGEST_BODY,
  });
  app.connectMicroservice({ strategy: server });
  await app.listen(0, '127.0.0.1');
  await app.startAllMicroservices();
  const base = await app.getUrl();
  return { call: callerOf(base), close: async () => app.close() };
}

/** What the verification of every invoice says, the first issued first. */
export async function verifications({ call }: Door, stand: Stand): Promise<Answer['body'][]> {
  const numbers = (await stand.documents()).map(({ number }) => number as string);
  const asked = numbers.map(async (number) =>
    call(`/v1/invoices/${number}/verify`, { method: 'POST' }),
  );
  return (await Promise.all(asked)).map(({ body }) => body);
}

function callerOf(base: string): Call {
  return async (path, init = {}) => {
    const { key = ADMIN_KEY, ...rest } = init;
    const headers = {
      ...(key && { authorization: `Bearer ${key}` }),
      ...(rest.body !== undefined && { 'content-type': 'application/json' }),
      ...(rest.headers as Record<string, string> | undefined),
    };
    const answer = await fetch(base + path, { ...rest, headers });
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    const body: unknown = isJson ? JSON.parse(text) : text;
    return { status: answer.status, headers: answer.headers, text, body };
  };
}
