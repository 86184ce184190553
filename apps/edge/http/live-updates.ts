// Watches organizations for open consoles: one look every two seconds, shared by all who watch the same with the same key.
import { interval, map, merge, Observable, ReplaySubject, share, takeUntil } from 'rxjs';
import { type Hint, hintsBetween, type LiveState } from '../domain/live-state.js';
import type { Upstreams } from './upstreams.js';

const LOOK_MS = 2_000;
/** Proxies close what is silent for a minute. */
const HEARTBEAT_MS = 20_000;

export interface LiveMessage {
  readonly type: Hint | 'heartbeat';
  readonly data: { readonly organization: string };
}

export class LiveUpdates {
  private readonly watched = new Map<string, Observable<Hint>>();
  private readonly ended = new ReplaySubject<void>(1);

  constructor(
    private readonly upstreams: Upstreams,
    private readonly lookMs = LOOK_MS,
  ) {}

  /** Hints about an organization until the caller leaves or the process stops. The first look only remembers. */
  of(organization: string, key: string): Observable<LiveMessage> {
    const data = { organization };
    const hints = this.watch(organization, key).pipe(map((type) => ({ type, data })));
    const beats = interval(HEARTBEAT_MS).pipe(map(() => ({ type: 'heartbeat' as const, data })));
    return merge(hints, beats).pipe(takeUntil(this.ended));
  }

  /** Ends every stream, those of later callers too: open ones would hold the stop of the process up. */
  end(): void {
    this.ended.next();
  }

  private watch(organization: string, key: string): Observable<Hint> {
    const name = `${organization} ${key}`;
    const known = this.watched.get(name);
    if (known) return known;
    const watched = new Observable<Hint>((subscriber) => {
      let before: LiveState | undefined;
      let timer: NodeJS.Timeout | undefined;
      let isOver = false;
      const look = async (): Promise<void> => {
        const now = await this.look(organization, key);
        if (isOver) return;
        if (before) for (const hint of hintsBetween(before, now)) subscriber.next(hint);
        // What was away keeps its last known state: coming back unchanged is not news.
        before = {
          spend: now.spend ?? before?.spend ?? null,
          invoices: now.invoices ?? before?.invoices ?? null,
        };
        timer = setTimeout(() => void look(), this.lookMs);
      };
      void look();
      return () => {
        isOver = true;
        clearTimeout(timer);
        this.watched.delete(name);
      };
    }).pipe(share());
    this.watched.set(name, watched);
    return watched;
  }

  private async look(organization: string, key: string): Promise<LiveState> {
    const ask = async (name: 'quota' | 'invoicing', path: string) => {
      const answer = await this.upstreams.get(name, path, key).catch(() => undefined);
      return answer?.status === 200 ? answer.body : null;
    };
    const [spend, invoices] = await Promise.all([
      ask('quota', `/v1/organizations/${organization}/spend`),
      ask('invoicing', `/v1/invoices?organization=${organization}&limit=5`),
    ]);
    return { spend, invoices };
  }
}
