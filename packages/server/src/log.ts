import { pino, type DestinationStream, type Logger } from 'pino';

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
  /** An error of ours: its class and message, never its stack or fields. */
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
  error: true,
};

/** The daemon's structured log: JSON lines with a time, a level, a fixed message and allow-listed fields. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
}

/** A log that writes to standard error, or to the stream that a test hands in. */
export function createLog(stream?: DestinationStream): Log {
  const options = { base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'message' };
  const logger: Logger =
    stream === undefined ? pino(options, pino.destination({ fd: 2, sync: true })) : pino(options, stream);
  return {
    info(message, fields = {}) {
      logger.info(allowed(fields), message);
    },
    warn(message, fields = {}) {
      logger.warn(allowed(fields), message);
    },
  };
}

function allowed(fields: LogFields): LogFields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => Object.hasOwn(ALLOWED, name)));
}

/** The text of an error for the log. */
export function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
}
