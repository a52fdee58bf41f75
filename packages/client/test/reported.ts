import type { EventFields, Reporter } from '@blindmatch/terminal';

/** A reporter that keeps what it is told. */
export interface Reported extends Reporter {
  readonly events: { readonly name: string; readonly fields: EventFields; readonly text: string }[];
}

export function reported(): Reported {
  const events: Reported['events'] = [];
  return {
    json: false,
    events,
    event: (name, fields, text = '') => {
      events.push({ name, fields, text: typeof text === 'string' ? text : text.join('\n') });
    },
    progress: () => ({ update: () => undefined, end: () => undefined }),
    notice: () => undefined,
    failure: () => undefined,
  };
}
