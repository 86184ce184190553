// Tells a database that cannot answer now from a mistake of ours: the first is 503 and worth another try, the second is 500.

/** SQLSTATE classes and codes: connection, shutdown, out of resources, lock and statement time-outs, serialization, deadlock. */
const SQLSTATE = /^(08...|57P0.|53...|55P03|57014|40001|40P01)$/;
const SOCKET = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT', 'ENOTFOUND']);
// What pg says without a code, or with one that says many things (55000).
const MESSAGE =
  /^(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|database ".*" is not currently accepting)/;

/** True for errors of pg and TypeORM that another attempt may cure. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { driverError, code } = error as { driverError?: unknown; code?: unknown };
  if (driverError instanceof Error) return isDatabaseAway(driverError);
  if (typeof code === 'string' && SQLSTATE.test(code)) return true;
  const { syscall } = error as { syscall?: unknown };
  if (typeof code === 'string' && SOCKET.has(code) && syscall !== undefined) return true;
  return MESSAGE.test(error.message);
}
