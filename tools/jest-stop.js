// Ends the servers that jest-servers.js started, and only those.
export default async function stop() {
  for (const end of globalThis.meterbookStops.toReversed()) await end();
}
