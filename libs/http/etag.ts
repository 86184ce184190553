// Conditional requests (RFC 9110, 13.1.2).

/** Whether `If-None-Match` names the entity tag (given with its quotes): the caller has it already. */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const known = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return known.includes('*') || known.includes(etag);
}
