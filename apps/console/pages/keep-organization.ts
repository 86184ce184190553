/** For links between pages: keeps whose numbers are shown (`?org=`) and drops the rest of the search. */
export function keepOrganization(before: Record<string, unknown>): Record<string, unknown> {
  return { org: before['org'] };
}
