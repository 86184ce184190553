// What the reader chose: kept in this browser, never sent. public/boot.js reads the same names before the first paint.
import { useSyncExternalStore } from 'react';

export interface Preferences {
  readonly language: 'en' | 'ar';
  readonly digits: 'latn' | 'arab';
  readonly theme: 'auto' | 'light' | 'dark';
}

const CHOICES: { readonly [Name in keyof Preferences]: readonly Preferences[Name][] } = {
  language: ['en', 'ar'],
  digits: ['latn', 'arab'],
  theme: ['auto', 'light', 'dark'],
};

const darkSystem = matchMedia('(prefers-color-scheme: dark)');
// Nothing was chosen anew, but what `auto` means has changed.
darkSystem.addEventListener('change', () => tell({}));

const listeners = new Set<() => void>();
let current: Preferences = {
  language: stored('language') ?? (navigator.language.startsWith('ar') ? 'ar' : 'en'),
  digits: stored('digits') ?? 'latn',
  theme: stored('theme') ?? 'auto',
};

export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

/** Keeps a choice and tells every part of the page. */
export function prefer(change: Partial<Preferences>): void {
  for (const [name, value] of Object.entries(change)) {
    try {
      localStorage.setItem(`meterbook.${name}`, value);
    } catch {
      // A browser that keeps nothing: the choice holds until the page is closed.
    }
  }
  tell(change);
}

function tell(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  for (const listener of listeners) listener();
}

/** The theme that a choice means now: `auto` is the system's. */
export function shownTheme(theme: Preferences['theme']): 'light' | 'dark' {
  if (theme !== 'auto') return theme;
  return darkSystem.matches ? 'dark' : 'light';
}

/** Language, direction and theme on the root element, where the style sheets look for them. */
export function showOnRoot({ language, theme }: Preferences): void {
  const root = document.documentElement;
  root.lang = language;
  root.dir = language === 'ar' ? 'rtl' : 'ltr';
  root.dataset['theme'] = shownTheme(theme);
}

function stored<Name extends keyof Preferences>(name: Name): Preferences[Name] | undefined {
  try {
    const value = localStorage.getItem(`meterbook.${name}`);
    return CHOICES[name].find((choice) => choice === value);
  } catch {
    return undefined;
  }
}
