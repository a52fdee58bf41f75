import { pino, type DestinationStream, type Logger } from 'pino';
import { droppingDestination } from './log-destination.ts';

/** What a line of the daemon's log may carry. Nothing else gets in: no record, element, token, key or path. */
export interface LogFields {
  readonly connection?: number;
  /** The request's id, `sha256:…`. */
  readonly request?: string;
  readonly requester?: string;
  readonly officials?: readonly string[];
  readonly epoch?: number;
  readonly records?: number;
  readonly elements?: number;
  readonly chunks?: number;
  readonly resumed?: boolean;
  /** A problem code. */
  readonly code?: string;
  readonly url?: string;
  readonly seconds?: number;
  /** The engine's name. */
  readonly engine?: string;
  /** Lines of the log that could not be written. */
  readonly dropped?: number;
  /** The digest of a policy, `sha256:…`. */
  readonly policy?: string;
  /** An error of ours: its class and code, never its message, stack or other fields, which may hold a path. */
  readonly error?: string;
}

/** The same list for what the types let through: a field that is not here is dropped. */
const ALLOWED: Readonly<Record<keyof LogFields, true>> = {
  connection: true,
  request: true,
  requester: true,
  officials: true,
  epoch: true,
  records: true,
  elements: true,
  chunks: true,
  resumed: true,
  code: true,
  url: true,
  seconds: true,
  engine: true,
  dropped: true,
  policy: true,
  error: true,
};

/** The daemon's structured log: JSON lines with a time, a level, a fixed message and allow-listed fields. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** For what somebody has to mend before the daemon does its work again. */
  error(message: string, fields?: LogFields): void;
}

const STANDARD_ERROR = 2;

/** A log that writes to standard error and goes on where that takes nothing, or to the stream that a test hands in. */
export function createLog(stream?: DestinationStream): Log {
  const options = { base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'message' };
  const destination =
    stream ??
    droppingDestination(STANDARD_ERROR, (dropped) => {
      log.warn('log lines dropped', { dropped });
    });
  const logger: Logger = pino(options, destination);
  const log: Log = {
    info(message, fields = {}) {
      logger.info(allowed(fields), message);
    },
    warn(message, fields = {}) {
      logger.warn(allowed(fields), message);
    },
    error(message, fields = {}) {
      logger.error(allowed(fields), message);
    },
  };
  return log;
}

function allowed(fields: LogFields): LogFields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => Object.hasOwn(ALLOWED, name)));
}

/** The text of an error for the log: its class, and its code where it has one. Messages may hold a path. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  return 'code' in error && typeof error.code === 'string' ? `${error.name} (${error.code})` : error.name;
}
