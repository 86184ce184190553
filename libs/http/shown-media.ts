/** A request's media type as a refusal shows it: `"text/plain"`, or `nothing` where the request has none. */
export function shownMedia(media: string | undefined): string {
  return media ? `"${media.slice(0, 64)}"` : 'nothing';
}
