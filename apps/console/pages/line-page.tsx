// The events behind one line of an invoice, a page at a time; their quantities sum to the line's.
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ApiError } from '../data/api.js';
import { lineEventsQuery } from '../data/billing-queries.js';
import type { LineEvent } from '../data/billing-types.js';
import { useLanguage } from '../i18n/language.js';
import { Count, Instant, Name } from '../parts/figure.js';
import { Loaded } from '../parts/loaded.js';
import { More } from '../parts/more.js';
import { Page } from '../parts/section.js';
import { Table } from '../parts/table.js';
import { keepOrganization } from './keep-organization.js';

export function LinePage() {
  const { t } = useLanguage();
  const params = useParams({ strict: false }) as { number?: string; line?: string };
  const { number = '', line = '' } = params;
  const query = useInfiniteQuery(lineEventsQuery(number, line));
  const { error } = query;
  return (
    <Page title={t('invoice.line_title', { line, number })} intro={t('invoice.line_intro')}>
      <p className="source">
        <Link to={`/invoices/${number}`} search={keepOrganization}>
          {t('invoice.back')}
        </Link>
      </p>
      <div className="section">
        {error instanceof ApiError && [400, 404, 409].includes(error.status) ? (
          <p className="notice" role="alert">
            {error.message}
          </p>
        ) : (
          <>
            <Loaded query={query} part="line_events" lines={10}>
              {({ pages }) => (
                <EventsTable
                  events={pages.flatMap(({ data }) => data)}
                  isWhole={!query.hasNextPage}
                />
              )}
            </Loaded>
            <More query={query}>{t('invoice.more')}</More>
          </>
        )}
      </div>
    </Page>
  );
}

interface EventsTableProps {
  readonly events: readonly LineEvent[];
  readonly isWhole: boolean;
}

/** What is there so far, and its sum: when every page is there it is the quantity of the line. */
function EventsTable({ events, isWhole }: EventsTableProps) {
  const { t, name } = useLanguage();
  const sum = events.reduce((total, { quantity }) => total + quantity, 0n);
  return (
    <Table
      label={t('invoice.line_events')}
      none={isWhole ? t('invoice.no_events') : undefined}
      rows={events}
      // One event may change the usage more than once: a correction has the id of what it corrects.
      keyOf={({ id, source }, place) => `${place} ${source} ${id}`}
      columns={[
        {
          id: 'time',
          head: t('invoice.event_time'),
          cell: ({ time }) => <Instant at={time} isUtc />,
        },
        {
          id: 'id',
          head: t('invoice.event_id'),
          isRowHead: true,
          cell: ({ id, source }) => (
            <>
              <Name>{id}</Name>
              <span className="quiet small detail">
                <Name>{source}</Name>
              </span>
            </>
          ),
        },
        {
          id: 'kind',
          head: t('invoice.event_kind'),
          cell: ({ kind }) => name('event', kind),
        },
        {
          id: 'position',
          head: t('invoice.event_position'),
          cell: ({ position }) => (
            <Name>{`${position.topic} ${position.partition}:${position.offset}`}</Name>
          ),
        },
        {
          id: 'quantity',
          head: t('invoice.event_quantity'),
          isNumber: true,
          cell: ({ quantity }) => <Count value={quantity} />,
        },
      ]}
    >
      <tr className="sum">
        <td />
        <th scope="row">{t(isWhole ? 'invoice.events_sum' : 'invoice.events_so_far')}</th>
        <td />
        <td />
        <td className="number">
          <Count value={sum} of="line.sum" />
        </td>
      </tr>
    </Table>
  );
}
