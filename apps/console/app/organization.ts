// Whose numbers are shown: the key's own organization, or for a key that is bound to none the one named in the URL (`?org=`).
import { useQuery } from '@tanstack/react-query';
import { organizationsQuery, sessionQuery } from '../data/queries.js';
import type { Session } from '../data/types.js';
import { useSearchText } from './search.js';

export function useSession(): Session | null | undefined {
  return useQuery(sessionQuery).data;
}

/** The id, or undefined while nobody is signed in or no organization is known yet. */
export function useOrganization(): string | undefined {
  const session = useSession();
  const { org } = useSearchText();
  const isUnbound = session?.organization === null;
  const { data } = useQuery({ ...organizationsQuery, enabled: isUnbound && org === undefined });
  if (!session) return undefined;
  return session.organization ?? org ?? data?.data[0]?.id;
}
