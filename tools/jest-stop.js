// Ends the servers that jest-servers.js started, and only those.
export default async function stop() {
  for (const end of globalThis.__meterbookStops.reverse()) await end();
}
