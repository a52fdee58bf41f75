import { LedgerError } from '@blindmatch/ledger';
import { GroupError, OprfError } from '@blindmatch/oprf';
import { RecordsError } from '@blindmatch/records';
import { explainPackages, type Explain } from '@blindmatch/terminal';
import { TokenSetError } from '@blindmatch/tokenset';

/** What an error of a package means to the user of this program. */
export const explain: Explain = explainPackages([
  RecordsError,
  TokenSetError,
  OprfError,
  GroupError,
  LedgerError,
]);
