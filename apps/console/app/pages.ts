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
    path: '/pricing',
    role: 'public',
    nav: 'nav.pricing',
    load: async () => (await import('../pages/pricing-page.js')).PricingPage,
  },
  {
    path: '/signin',
    role: 'public',
    load: async () => (await import('../pages/signin-page.js')).SignInPage,
  },
];
