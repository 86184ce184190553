// /openapi.json of the edge: every route of every service in one document, asked for when it is needed and kept for a minute.
import type { Clock } from '#libs/time/instant.js';
import { mergeOpenApi, type OpenApi } from '../domain/merge-openapi.js';
import type { Upstreams } from './upstreams.js';

const KEPT_MS = 60_000;

export class MergedOpenApi {
  private kept: { readonly document: OpenApi; readonly at: number } | undefined;

  constructor(
    private readonly upstreams: Upstreams,
    private readonly clock: Clock,
  ) {}

  /** The merged document. Services that do not answer are named in `x-unavailable-services`, and it is asked again next time. */
  async of(own: OpenApi): Promise<OpenApi> {
    if (this.kept && this.clock() - this.kept.at < KEPT_MS) return this.kept.document;
    const { names } = this.upstreams;
    const found = await Promise.all(
      names.map(async (name) => this.upstreams.get(name, '/openapi.json').catch(() => undefined)),
    );
    const documents = new Map<string, OpenApi>();
    const away: string[] = [];
    for (const [index, answer] of found.entries()) {
      const name = names[index] as string;
      if (answer?.body['paths'] !== undefined)
        documents.set(name, answer.body as unknown as OpenApi);
      else away.push(name);
    }
    const document = mergeOpenApi({ ...own, info: { ...own.info, title: 'Meterbook' } }, documents);
    if (away.length > 0) return { ...document, 'x-unavailable-services': away } as OpenApi;
    this.kept = { document, at: this.clock() };
    return document;
  }
}
