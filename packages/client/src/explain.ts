import { GroupError, OprfError } from '@blindmatch/oprf';
import { PROBLEMS, ProtocolError } from '@blindmatch/protocol';
import { RecordsError } from '@blindmatch/records';
import { CommandError, fromPackage } from '@blindmatch/terminal';
import { TokenSetError } from '@blindmatch/tokenset';

/** What an error of a package means to the user of this program. */
export function explain(error: unknown): CommandError | undefined {
  if (error instanceof ProtocolError) {
    return new CommandError(error.code, error.message, PROBLEMS[error.code].exit, { cause: error });
  }
  return fromPackage(error, [RecordsError, TokenSetError, OprfError, GroupError]);
}
