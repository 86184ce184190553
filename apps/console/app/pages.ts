// Every page: its path, who sees it, its place in the navigation, and its code, which is loaded when it is opened.
import type { ComponentType } from 'react';
import type { Key } from '../i18n/en.js';
import type { Role } from './roles.js';

export interface PageEntry {
  readonly path: string;
  readonly role: Role;
  /** Its word in the navigation; absent: reached from another page. */
  readonly nav?: Key;
  readonly load: () => Promise<ComponentType>;
}

export const PAGES: readonly PageEntry[] = [
  {
    path: '/dashboard',
    role: 'customer',
    nav: 'nav.dashboard',
    load: async () => (await import('../pages/dashboard-page.js')).DashboardPage,
  },
  {
    path: '/usage',
    role: 'customer',
    nav: 'nav.usage',
    load: async () => (await import('../pages/usage-page.js')).UsagePage,
  },
  {
    path: '/limits',
    role: 'customer',
    load: async () => (await import('../pages/limits-page.js')).LimitsPage,
  },
  {
    path: '/invoices',
    role: 'customer',
    nav: 'nav.invoices',
    load: async () => (await import('../pages/invoices-page.js')).InvoicesPage,
  },
  {
    path: '/invoices/upcoming',
    role: 'customer',
    load: async () => (await import('../pages/invoice-page.js')).UpcomingInvoicePage,
  },
  {
    path: '/invoices/$number',
    role: 'customer',
    load: async () => (await import('../pages/invoice-page.js')).InvoicePage,
  },
  {
    path: '/invoices/$number/lines/$line',
    role: 'customer',
    load: async () => (await import('../pages/line-page.js')).LinePage,
  },
  {
    path: '/refusals',
    role: 'customer',
    nav: 'nav.refusals',
    load: async () => (await import('../pages/refusal-page.js')).RefusalPage,
  },
  {
    path: '/playground',
    role: 'public',
    nav: 'nav.playground',
    load: async () => (await import('../pages/playground-page.js')).PlaygroundPage,
  },
  {
    path: '/pricing',
    role: 'public',
    nav: 'nav.pricing',
    load: async () => (await import('../pages/pricing-page.js')).PricingPage,
  },
  {
    path: '/comparison',
    role: 'public',
    nav: 'nav.comparison',
    load: async () => (await import('../pages/comparison-page.js')).ComparisonPage,
  },
  {
    path: '/settings',
    role: 'customer',
    nav: 'nav.settings',
    load: async () => (await import('../pages/settings-page.js')).SettingsPage,
  },
  {
    path: '/signin',
    role: 'public',
    load: async () => (await import('../pages/signin-page.js')).SignInPage,
  },
];
