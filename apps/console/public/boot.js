// Runs before the first paint, so that neither direction nor theme flips under the reader. The names are those of app/preferences.ts.
function stored(name) {
  try {
    return localStorage.getItem(`meterbook.${name}`);
  } catch {
    return null;
  }
}

const language = stored('language') || (/^ar\b/.test(navigator.language) ? 'ar' : 'en');
const chosen = stored('theme');
const isDark =
  chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
document.documentElement.lang = language;
document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
