// The reader's language for every component: `t` for text, `<T>` for text with elements in it, `f` for figures, `d` for times.
import { createContext, Fragment, type ReactNode, useContext, useMemo } from 'react';
import { datesIn, type Dates } from '../domain/dates.js';
import { arabicDigits } from '../domain/digits.js';
import { type Figures, figuresIn, type ReaderLocale } from '../domain/figures.js';
import { type Key, type Messages } from './en.js';
import { fill, parts, pick } from './translate.js';

export interface Language {
  readonly locale: ReaderLocale;
  readonly dir: 'ltr' | 'rtl';
  readonly messages: Messages;
  readonly t: (key: Key, values?: Readonly<Record<string, string>>, count?: bigint) => string;
  /** The message of a name that comes from the API (`pool.input`); the name itself when nobody translated it. */
  readonly name: (group: string, value: string) => string;
  readonly f: Figures;
  readonly d: Dates;
}

const LanguageContext = createContext<Language | undefined>(undefined);

export function LanguageProvider(props: {
  readonly locale: ReaderLocale;
  readonly messages: Messages;
  readonly children: ReactNode;
}) {
  const { locale, messages, children } = props;
  const { language, digits } = locale;
  const value = useMemo(
    () => languageOf({ language, digits }, messages),
    [language, digits, messages],
  );
  return <LanguageContext value={value}>{children}</LanguageContext>;
}

export function useLanguage(): Language {
  const language = useContext(LanguageContext);
  if (!language) throw new Error('no LanguageProvider above');
  return language;
}

function languageOf(locale: ReaderLocale, words: Messages): Language {
  const messages = inDigits(locale, words);
  return {
    locale,
    dir: locale.language === 'ar' ? 'rtl' : 'ltr',
    messages,
    t: (key, values = {}, count) => fill(pick(messages[key], locale.language, count), values),
    name: (group, value) => {
      const message = (messages as Record<string, Messages[Key]>)[`${group}.${value}`];
      return message === undefined ? value : pick(message, locale.language, undefined);
    },
    f: figuresIn(locale),
    d: datesIn(locale),
  };
}

// "Last 30 days" has its digits in the text: they are the reader's, but where the message is about digits themselves.
function inDigits({ language, digits }: ReaderLocale, messages: Messages): Messages {
  if (language !== 'ar' || digits !== 'arab') return messages;
  return mapValues(messages, (message, key) => {
    if (key === 'settings.digits_latn') return message;
    return typeof message === 'string'
      ? arabicDigits(message)
      : mapValues(message, (form) => arabicDigits(form ?? ''));
  });
}

function mapValues<T extends object>(
  given: T,
  change: (value: T[keyof T], key: string) => T[keyof T],
): T {
  const entries = Object.entries(given) as [string, T[keyof T]][];
  return Object.fromEntries(entries.map(([key, value]) => [key, change(value, key)])) as T;
}

/** A message whose values are elements: `<T k="limit.of" v={{used: <Count …/>}} />`. */
export function T(props: {
  readonly k: Key;
  readonly v?: Readonly<Record<string, ReactNode>>;
  readonly count?: bigint;
}) {
  const { k, v = {}, count } = props;
  const { messages, locale } = useLanguage();
  const pieces = parts(pick(messages[k], locale.language, count));
  return pieces.map((piece, place) => (
    // The pieces of one message never change places.
    // oxlint-disable-next-line react/no-array-index-key
    <Fragment key={place}>{place % 2 === 0 ? piece : (v[piece] ?? `{${piece}}`)}</Fragment>
  ));
}
