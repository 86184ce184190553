// Who sees which page. The pages of finance and operators come later: they name their role in app/pages.ts and nothing else changes.
import type { Session } from '../data/types.js';

export type Role = 'public' | 'customer' | 'finance' | 'operator';

/** The roles of a session: everyone is `public`; a signed-in key is a customer; unbound keys with the scopes are more. */
export function rolesOf(session: Session | null | undefined): ReadonlySet<Role> {
  const roles = new Set<Role>(['public']);
  if (!session) return roles;
  roles.add('customer');
  const may = (scope: string): boolean =>
    session.scopes.includes(scope) || session.scopes.includes('admin');
  if (session.organization === null && may('billing:write')) roles.add('finance');
  if (session.organization === null && may('ops')) roles.add('operator');
  return roles;
}

/** The session's key may do this; `admin` may do everything. */
export function hasScope(session: Session | null | undefined, scope: string): boolean {
  return session?.scopes.some((held) => held === scope || held === 'admin') ?? false;
}
