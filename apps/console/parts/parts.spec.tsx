/** @jest-environment jsdom */
import { act, render, screen } from '@testing-library/react';
import type { UseQueryResult } from '@tanstack/react-query';
import { ApiError } from '../data/api.js';
import { ar } from '../i18n/ar.js';
import { en } from '../i18n/en.js';
import { LanguageProvider } from '../i18n/language.js';
import { exactText } from './exact-copy.js';
import { Count, Duration, Money } from './figure.js';
import { Loaded } from './loaded.js';
import { levelOf, Meter, thousandths } from './meter.js';

const show = (element: React.ReactNode, language: 'en' | 'ar' = 'en') =>
  render(
    <LanguageProvider locale={{ language, digits: 'latn' }} messages={language === 'ar' ? ar : en}>
      {element}
    </LanguageProvider>,
  );

describe('figure', () => {
  it('is rounded for the eye and exact in its value and on hover', () => {
    show(<Money exact="2.41567651" currency="USD" />);
    const figure = screen.getByText('$2.42');
    expect([figure.getAttribute('value'), figure.title]).toEqual(['2.41567651', '2.41567651 USD']);
  });

  it('is exact in copies, and keeps cells apart', () => {
    const { container } = show(
      <table>
        <tbody>
          <tr>
            <td>a</td>
            <td>
              <Money exact="0.123456789" currency="USD" />
            </td>
          </tr>
          <tr>
            <td>b</td>
            <td>
              <Count value={9_007_199_254_740_993n} compact />
            </td>
          </tr>
        </tbody>
      </table>,
    );
    const selection = document.getSelection();
    selection?.selectAllChildren(container);
    expect(selection && exactText(selection)).toBe('a\t0.123456789\nb\t9007199254740993');
  });

  it('is exact when only its own text is copied', () => {
    show(<Duration text="1m13.588s" />);
    const selection = document.getSelection();
    selection?.selectAllChildren(screen.getByText('1 min 14 sec'));
    expect(selection && exactText(selection)).toBe('1m13.588s');
  });
});

describe('meter', () => {
  it.each([
    // used   limit   thousandths  level
    [0n, 100n, 0, 'calm'],
    [79n, 100n, 790, 'calm'],
    [80n, 100n, 800, 'near'],
    [100n, 100n, 1_000, 'full'],
    [200n, 100n, 1_000, 'full'],
    [0n, 0n, 0, 'calm'],
    [1n, 0n, 1_000, 'full'],
  ] as const)('%s of %s is %s thousandths: %s', (used, limit, share, level) => {
    expect([thousandths(used, limit), levelOf(share)]).toEqual([share, level]);
  });

  it('says its value in words', () => {
    show(<Meter used={1n} limit={4n} label="Requests" valueText="1 of 4" />);
    const meter = screen.getByRole('meter', { name: 'Requests' });
    expect(meter.getAttribute('aria-valuetext')).toBe('1 of 4');
    expect(meter.getAttribute('aria-valuenow')).toBe('25');
  });
});

describe('a part of a page', () => {
  const query = (some: Partial<UseQueryResult<string>>) =>
    ({ error: null, refetch: async () => undefined, ...some }) as unknown as UseQueryResult<string>;
  const problem = (status: number) =>
    new ApiError({ status, code: 'x', title: 'X', detail: null, errors: [] }, 'req_1');

  it('says that it loads', () => {
    show(
      <Loaded query={query({})} part="spend">
        {(data) => data}
      </Loaded>,
    );
    expect(screen.getByRole('status', { name: 'Loading' })).toBeTruthy();
  });

  it('names what is missing, why, and the request to ask about', () => {
    show(
      <Loaded query={query({ isError: true, error: problem(503) })} part="spend">
        {(data) => data}
      </Loaded>,
    );
    expect(screen.getByRole('alert').textContent).toMatch(
      /Spend cannot be shown now\. The service behind it does not answer\..*Request req_1/,
    );
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();
  });

  it('keeps what was known when it cannot be renewed', () => {
    const stale = query({ data: 'known', isError: true, error: problem(0) });
    show(
      <Loaded query={stale} part="spend">
        {(data) => data}
      </Loaded>,
      'ar',
    );
    expect(document.body.textContent).toContain('known');
    expect(document.body.textContent).toContain('تعذّر تحديث الإنفاق');
  });

  it('stays missing in words while it is asked for again, and is there when it comes', () => {
    const part = (some: Partial<UseQueryResult<string>>) => (
      <LanguageProvider locale={{ language: 'en', digits: 'latn' }} messages={en}>
        <Loaded query={query(some)} part="spend">
          {(data) => data}
        </Loaded>
      </LanguageProvider>
    );
    const { rerender, container } = render(part({ isError: true, error: problem(503) }));
    rerender(part({}));
    expect(screen.getByRole('alert').textContent).toContain('Spend cannot be shown now.');
    rerender(part({ data: 'back' }));
    expect(container.textContent).toBe('back');
    rerender(part({}));
    expect(screen.getByRole('status', { name: 'Loading' })).toBeTruthy();
  });

  it('offers no second try where the answer would be the same', async () => {
    await act(async () => {
      show(
        <Loaded query={query({ isError: true, error: problem(403) })} part="invoices">
          {(data) => data}
        </Loaded>,
      );
    });
    expect(screen.queryByRole('button')).toBeNull();
    expect(screen.getByRole('alert').textContent).toContain('may not see this');
  });
});
