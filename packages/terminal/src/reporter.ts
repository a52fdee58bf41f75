import { SingleBar } from 'cli-progress';
import { escapeUnprintable, escapeWithinLines } from './escaping.ts';

/** What an event may carry: flat, so that a line of NDJSON is easy to filter. */
export type EventFields = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** The two streams that a command writes to; a test hands in its own. */
export interface Streams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

export interface Progress {
  /** Sets how much is done, in the unit of the total. */
  update(done: number): void;
  /** Takes the bar away; further calls do nothing. */
  end(): void;
}

/**
 * How a command tells its user what happened: sentences for people, NDJSON events for machines. Whatever it is handed
 * may hold text of a file or of the other side: control and format characters are escaped here, and nowhere else.
 */
export interface Reporter {
  readonly json: boolean;
  /**
   * Reports one thing that happened. With `--json` it is the line `{"event":name,...fields}` on stdout; otherwise
   * the text, if there is one, is printed there. A line feed in it is meant; in one of a list of lines it is escaped,
   * so lines with text that isn't ours come as a list.
   */
  event(name: string, fields: EventFields, text?: string | readonly string[]): void;
  /** A bar on stderr, from one second on and only on a terminal; silent elsewhere and with `--json`. */
  progress(label: string, total: number): Progress;
  /**
   * A sentence on stderr that the user should know and that ends nothing; with `--json` also a `notice` event.
   *
   * @param code stable
   */
  notice(code: string, sentence: string, fields?: EventFields): void;
  /** The one sentence on stderr that ends a failed command; with `--json` also an `error` event. */
  failure(code: string, sentence: string, exit: number): void;
}

/** A bar for something that is over sooner would only flicker. */
const BAR_DELAY_MS = 1000;

const noProgress: Progress = { update: () => undefined, end: () => undefined };

/**
 * Makes the reporter of one command.
 *
 * @param options.json NDJSON on stdout in place of text
 * @param options.program the name that begins an error's sentence
 */
export function createReporter(options: {
  readonly json: boolean;
  readonly program: string;
  readonly streams?: Streams;
}): Reporter {
  const { json, program } = options;
  const streams = options.streams ?? process;
  const line = (name: string, fields: EventFields): void => {
    streams.stdout.write(`${escapeUnprintable(JSON.stringify({ event: name, ...fields }))}\n`);
  };
  const say = (sentence: string): void => {
    streams.stderr.write(`${program}: ${escapeUnprintable(sentence)}\n`);
  };
  return {
    json,
    event(name, fields, text) {
      if (json) line(name, fields);
      else if (text !== undefined) {
        const shown =
          typeof text === 'string' ? escapeWithinLines(text) : text.map(escapeUnprintable).join('\n');
        streams.stdout.write(`${shown}\n`);
      }
    },
    progress(label, total) {
      if (json || streams.stderr.isTTY !== true || total <= 0) return noProgress;
      return terminalBar(label, total, streams.stderr);
    },
    notice(code, sentence, fields = {}) {
      if (json) line('notice', { code, message: sentence, ...fields });
      say(sentence);
    },
    failure(code, sentence, exit) {
      if (json) line('error', { code, message: sentence, exit });
      say(sentence);
    },
  };
}

function terminalBar(label: string, total: number, stream: NodeJS.WritableStream): Progress {
  const bar = new SingleBar({
    format: (_, { progress, value, total: all, eta }) => barText(label, { progress, value, all, eta }),
    stream,
    clearOnComplete: true,
    hideCursor: true,
    etaBuffer: 50,
  });
  let done = 0;
  let started = false;
  const timer = setTimeout(() => {
    started = true;
    bar.start(total, done);
  }, BAR_DELAY_MS);
  timer.unref();
  return {
    update(value) {
      done = value;
      if (started) bar.update(value);
    },
    end() {
      clearTimeout(timer);
      if (started) bar.stop();
      started = false;
    },
  };
}

const BAR_WIDTH = 24;

/** One line of a bar; how long it will take is said once something is done. */
function barText(
  label: string,
  at: { readonly progress: number; readonly value: number; readonly all: number; readonly eta: number },
): string {
  const filled = Math.round(Math.min(1, at.progress) * BAR_WIDTH);
  const bar = `${'='.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}`;
  const left = at.value > 0 && Number.isFinite(at.eta) ? ` | about ${duration(at.eta)} left` : '';
  return `${label} [${bar}] ${Math.floor(at.progress * 100)}% | ${at.value}/${at.all}${left}`;
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
