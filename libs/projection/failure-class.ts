// Which failures pass by themselves. A passing one is retried and touches nothing; any other stops the partition.
import { LogBusy, LogUnavailable } from '../log/event-log.js';

// 08 connection, 53 resources (disk full, too many connections), 57 operator (shutdown, cancelled, statement time-out),
// 28 and 3D login to a server that is being restored.
const PASSING_CLASSES = ['08', '28', '3D', '53', '57'];
// serialization, deadlock, lock time-out, idle and whole transaction time-out, read-only after a failover.
const PASSING_STATES = ['40001', '40P01', '55P03', '25P03', '25P04', '25006'];
const PASSING_SYSTEM =
  /^(ECONN|EPIPE$|ETIMEDOUT$|ENOTFOUND$|EAI_AGAIN$|EHOST|ENET|ESOCKETTIMEDOUT$)/;
// TypeORM gives back a connection that breaks between two statements, and the next statement finds it released.
const PASSING_MESSAGE =
  /connection terminated|connection ended|timeout exceeded when trying to connect|client has encountered a connection error|server closed the connection|client was closed|not queryable|query runner was already released/i;

/** True when the same work may succeed later: a lost connection, a deadlock, a full disk, a log out of reach. */
export function isPassing(error: unknown): boolean {
  if (error instanceof LogUnavailable || error instanceof LogBusy) return true;
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  if (code !== undefined && /^[0-9A-Z]{5}$/.test(code))
    return PASSING_CLASSES.includes(code.slice(0, 2)) || PASSING_STATES.includes(code);
  if (code !== undefined && PASSING_SYSTEM.test(code)) return true;
  return PASSING_MESSAGE.test(error.message);
}

/** True when a COMMIT that failed so may have happened all the same: only a rejection by the server itself is certain. */
export function isCommitUnknown(error: unknown): boolean {
  const code = error instanceof Error ? codeOf(error) : undefined;
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code)) return true;
  return code.startsWith('08') || code.startsWith('57');
}

/** The message of whatever was thrown, for a halt's detail and the log. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// TypeORM wraps the driver's error and copies its fields; a pool's AggregateError holds the first cause inside.
function codeOf(error: Error): string | undefined {
  const { code, driverError, errors } = error as {
    code?: unknown;
    driverError?: { code?: unknown };
    errors?: { code?: unknown }[];
  };
  const found = code ?? driverError?.code ?? errors?.[0]?.code;
  return typeof found === 'string' ? found : undefined;
}
