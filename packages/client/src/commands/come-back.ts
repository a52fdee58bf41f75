import { quoted } from '@blindmatch/terminal';

/** The options of a submission that whoever goes on with it needs again. */
export interface SubmissionOptions {
  readonly server: string;
  readonly ca?: string;
  readonly out: string;
  readonly cache?: string;
  readonly checkpoints?: string;
  readonly inspector?: string;
}

/** The command that goes on with the request at `path`. */
export function comeBack(path: string, options: SubmissionOptions): string {
  const { server, ca, cache, checkpoints, inspector, out } = options;
  const given = (name: string, value: string | undefined): readonly string[] =>
    value === undefined ? [] : [name, quoted(value)];
  return [
    ...['blindmatch', 'submit', quoted(path), '--server', quoted(server)],
    ...given('--ca', ca),
    ...given('--cache', cache),
    ...given('--checkpoints', checkpoints),
    ...given('--inspector', inspector),
    ...given('--out', out),
  ].join(' ');
}
