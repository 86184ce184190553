// The events behind one line of an invoice, a page at a time.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { lineEventsQuery } from '../data/queries.js';
import { readable } from '../domain/readable.js';
import { useLanguage } from '../i18n/language.js';
import { Name } from '../parts/figure.js';
import { Empty, Loaded } from '../parts/loaded.js';
import { Page, TableBox } from '../parts/section.js';
import { keepOrganization } from './keep-organization.js';

export function LinePage() {
  const { t } = useLanguage();
  const params = useParams({ strict: false }) as { number?: string; line?: string };
  const { number = '', line = '' } = params;
  const [cursor, setCursor] = useState<string>();
  const query = useQuery(lineEventsQuery(number, line, cursor));
  return (
    <Page title={t('invoice.line_title', { line, number })} intro={t('invoice.line_intro')}>
      <p className="source">
        <Link to={`/invoices/${number}`} search={keepOrganization}>
          {t('invoice.back')}
        </Link>
      </p>
      <div className="section">
        <Loaded query={query} part="line_events" lines={10}>
          {({ data, next_cursor }) =>
            data.length === 0 ? (
              <Empty>{t('invoice.no_events')}</Empty>
            ) : (
              <>
                <EventsTable events={data} label={t('invoice.event_id')} />
                {next_cursor !== null && (
                  <p className="files">
                    <button type="button" className="button" onClick={() => setCursor(next_cursor)}>
                      {t('invoice.more')}
                    </button>
                  </p>
                )}
              </>
            )
          }
        </Loaded>
      </div>
    </Page>
  );
}

interface EventsTableProps {
  readonly events: readonly Record<string, unknown>[];
  readonly label: string;
}

/** Whatever fields the events have, a column each: they are shown as they are in the log. */
function EventsTable({ events, label }: EventsTableProps) {
  const columns = [...new Set(events.flatMap((event) => Object.keys(event)))];
  return (
    <TableBox label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                <Name>{column}</Name>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {events.map((event, place) => (
            // Events of one page never change places, and a repeat may carry the same id.
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={place}>
              {columns.map((column) => (
                <td key={column}>
                  <Name>{readable(event[column] ?? '—')}</Name>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}
