// Runs before the first paint, so that neither direction nor theme flips under the reader. The names are those of app/preferences.ts.
(function () {
  var root = document.documentElement;
  var read = function (name) {
    try {
      return localStorage.getItem('meterbook.' + name);
    } catch {
      return null;
    }
  };
  var language = read('language') || (/^ar\b/.test(navigator.language) ? 'ar' : 'en');
  root.lang = language;
  root.dir = language === 'ar' ? 'rtl' : 'ltr';
  var theme = read('theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
})();
