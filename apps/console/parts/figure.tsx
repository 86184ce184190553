// Numbers on the page: rounded for the eye, exact in the `value` attribute, on hover and in copies (parts/exact-copy.ts).
import { formatExact } from '#libs/money/money.js';
import { parseGoDuration } from '../domain/go-duration.js';
import { useLanguage } from '../i18n/language.js';

interface Named {
  /** Names the API's field, for the test that compares every figure on a page with the API's. */
  readonly of?: string | undefined;
}

/** Money from decimal text, as the API sends it. */
export function Money(props: Named & { readonly exact: string; readonly currency: string }) {
  const { f } = useLanguage();
  const { exact, currency, of } = props;
  return (
    <data className="num" value={exact} title={`${exact} ${currency}`} data-of={of} dir="ltr">
      {f.money(exact, currency)}
    </data>
  );
}

/** Money that was computed here from published prices; femto-currency-units. */
export function Femto(props: Named & { readonly femto: bigint; readonly currency: string }) {
  const { femto, currency, of } = props;
  return <Money exact={formatExact(femto)} currency={currency} of={of} />;
}

/** A price per million units, every digit of it. */
export function Price({ exact, currency }: { readonly exact: string; readonly currency: string }) {
  const { f } = useLanguage();
  return (
    <data className="num" value={exact} title={`${exact} ${currency}`} dir="ltr">
      {f.price(exact, currency)}
    </data>
  );
}

/** A count, whole; `compact` shows "1.2M" with the whole number on hover. */
export function Count(props: Named & { readonly value: bigint; readonly compact?: boolean }) {
  const { f } = useLanguage();
  const { value, compact = false, of } = props;
  const whole = f.count(value);
  return (
    <data className="num" value={String(value)} title={String(value)} data-of={of} dir="ltr">
      {compact ? f.compact(value) : whole}
    </data>
  );
}

/** Whole percent. */
export function Percent({ value, of }: Named & { readonly value: bigint }) {
  const { f } = useLanguage();
  return (
    <data className="num" value={String(value)} title={`${value} %`} data-of={of} dir="ltr">
      {f.percent(value)}
    </data>
  );
}

/** A Go duration of the API ("1m13.588s") in words, rounded up to seconds. */
export function Duration({ text, of }: Named & { readonly text: string }) {
  const { f } = useLanguage();
  const nanos = parseGoDuration(text);
  return (
    <data className="num" value={text} title={text} data-of={of}>
      {nanos === undefined ? text : f.duration(nanos)}
    </data>
  );
}

interface InstantProps extends Named {
  readonly at: string;
  readonly dayOnly?: boolean;
  /** In UTC to the second, as on an invoice. */
  readonly isUtc?: boolean;
}

/** An instant in the reader's zone; UTC to the second on hover. */
export function Instant({ at, dayOnly = false, isUtc = false, of }: InstantProps) {
  const { d } = useLanguage();
  return (
    <time className="num" dateTime={at} title={d.exact(at)} data-of={of}>
      {isUtc ? d.exact(at) : dayOnly ? d.day(at) : d.time(at)}
    </time>
  );
}

/** A name that is nobody's language: a model, an id, code. It keeps its own direction inside any text. */
export function Name({ children }: { readonly children: string }) {
  return (
    <bdi className="name" translate="no" dir="ltr">
      {children}
    </bdi>
  );
}
