// The four states of a part of a page: still loading, missing with the reason, empty, there. A missing part never takes the rest along.
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { ApiError } from '../data/api.js';
import type { Part } from '../data/queries.js';
import { T, useLanguage } from '../i18n/language.js';
import { Name } from './figure.js';

interface LoadedProps<Data> {
  readonly query: UseQueryResult<Data>;
  /** What is missing when it is. */
  readonly part: Part;
  /** Lines of grey to show while loading: about as tall as what comes. */
  readonly lines?: number;
  readonly children: (data: Data) => ReactNode;
}

/** Shows a query's data, or says what is missing. Data that could not be renewed stays, with a note. */
export function Loaded<Data>({ query, part, lines = 4, children }: LoadedProps<Data>) {
  // While a missing part is asked for again it stays missing in words: no flicker, and nothing is announced twice.
  const [outage, setOutage] = useState<unknown>(null);
  const isBack = query.data !== undefined;
  if (isBack ? outage !== null : isOutage(query.error) && query.error !== outage)
    setOutage(isBack ? null : query.error);
  if (query.data !== undefined)
    return (
      <>
        {query.isError && <Missing error={query.error} part={part} isStale retry={query.refetch} />}
        {children(query.data)}
      </>
    );
  const error = query.error ?? outage;
  if (error !== null) return <Missing error={error} part={part} retry={query.refetch} />;
  return <Waiting lines={lines} />;
}

export function Waiting({ lines = 4 }: { readonly lines?: number }) {
  const { t } = useLanguage();
  return (
    <div className="waiting" role="status" aria-label={t('state.loading')}>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} aria-hidden="true" />
      ))}
    </div>
  );
}

function isOutage(error: unknown): boolean {
  return error instanceof ApiError && error.isOutage;
}

interface MissingProps {
  readonly error: unknown;
  readonly part: Part;
  readonly isStale?: boolean;
  readonly retry?: () => unknown;
}

/** Which part is missing, why, and a way to try again where that can help. */
export function Missing({ error, part, isStale = false, retry }: MissingProps) {
  const { t } = useLanguage();
  const what = t(`part.${part}`);
  const mayComeBack = !(error instanceof ApiError) || error.isOutage;
  return (
    <div className="missing" role={isStale ? 'status' : 'alert'}>
      <p>
        <strong>{t(isStale ? 'state.stale' : 'state.missing', { part: what })}</strong>{' '}
        {reasonOf(error, t)}
      </p>
      {error instanceof ApiError && error.requestId && (
        <p className="quiet">
          <T k="state.request_id" v={{ id: <Name>{error.requestId}</Name> }} />
        </p>
      )}
      {retry && mayComeBack && (
        <Button className="button" onPress={() => void retry()}>
          {t('action.retry')}
        </Button>
      )}
    </div>
  );
}

/** A refusal in the reader's words; what the API said in its own stands behind it when it adds something. */
export function reasonOf(error: unknown, t: ReturnType<typeof useLanguage>['t']): string {
  if (!(error instanceof ApiError)) return t('error.bug');
  const { status, problem } = error;
  if (error.isOutage) return t(status === 0 ? 'error.unreachable' : 'error.outage');
  if (status === 403) return t('error.forbidden');
  if (status === 401) return t('error.signed_out');
  if (status === 404) return problem.detail ?? t('error.not_found');
  const fields = problem.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`);
  return [problem.detail ?? problem.title, ...fields].join(' · ');
}

export function Empty({ children }: { readonly children: ReactNode }) {
  return <p className="empty">{children}</p>;
}
