import {
  ATTESTATION_MAX,
  INVESTIGATOR_ID_MAX,
  INVESTIGATOR_NAME_MAX,
  isLine,
  isTaxPeriod,
  MAX_INVESTIGATORS,
  MAX_TAX_PERIODS,
  PURPOSE_MAX,
  REASON_MAX,
  STATUTE_MAX,
  type Investigator,
} from '@blindmatch/protocol';
import { readTable } from '@blindmatch/records';
import { CommandError, EXIT } from '@blindmatch/terminal';
import { InvalidArgumentError, type Command } from 'commander';
import { requireFitting, type Authority } from '../authority.ts';

/** Options of the commands that make a request: what its officials sign for in words. */
export interface AuthorityOptions {
  readonly statute: string;
  readonly reason: string;
  readonly purpose?: string;
  readonly taxPeriod?: readonly string[];
  readonly investigator?: readonly Investigator[];
  /** A CSV file with the columns id and name. */
  readonly investigators?: string;
  readonly attestation?: string;
}

/** Adds those options to a command. */
export function authorityOptions(command: Command): Command {
  return command
    .requiredOption('--statute <text>', 'the statutory authority', parseLine(STATUTE_MAX))
    .requiredOption('--reason <text>', 'the specific reason', parseLine(REASON_MAX))
    .option('--purpose <text>', "the use, in the words of the holder's policy", parseLine(PURPOSE_MAX))
    .option(
      '--tax-period <period>',
      'a tax period that the request is about: 2025, 2025-Q3 or 2025-07; may stand several times',
      addTaxPeriod,
    )
    .option(
      '--investigator <id=name>',
      'somebody directly engaged in the investigation; may stand several times',
      addInvestigator,
    )
    .option('--investigators <file>', 'the same from a CSV file with the columns id and name')
    .option(
      '--attestation <text>',
      "what the signing officials attest, in the words of the holder's policy",
      parseLine(ATTESTATION_MAX),
    );
}

/**
 * The authority behind the options.
 *
 * @throws CommandError `investigator_invalid`, `investigator_twice`, `investigators_too_many`, `authority_too_long`, exit
 *   code 2; RecordsError for a file that can't be read
 */
export async function readAuthority(options: AuthorityOptions): Promise<Authority> {
  const authority: Authority = {
    statute: options.statute,
    purpose: options.purpose ?? null,
    reason: options.reason,
    taxPeriods: options.taxPeriod ?? [],
    investigators: await readInvestigators(options),
    attestation: options.attestation ?? null,
  };
  requireFitting(authority);
  return authority;
}

/** Options whose authority has been read. */
export interface Authorised {
  readonly authority: Authority;
}

/** The same options with the authority that they name; throws what `readAuthority` throws, before anything else is done. */
export async function withAuthority<Options extends AuthorityOptions>(
  options: Options,
): Promise<Options & Authorised> {
  return { ...options, authority: await readAuthority(options) };
}

async function readInvestigators(options: AuthorityOptions): Promise<readonly Investigator[]> {
  const path = options.investigators;
  const listed = new Map<string, Investigator>();
  const add = (investigator: Investigator): void => {
    if (listed.has(investigator.id)) {
      throw wrong(
        'investigator_twice',
        `The investigator ${investigator.id} is named twice; give each an id of their own, once.`,
      );
    }
    if (listed.size === MAX_INVESTIGATORS) {
      throw wrong(
        'investigators_too_many',
        `More than ${MAX_INVESTIGATORS} investigators are named; split the request.`,
      );
    }
    listed.set(investigator.id, investigator);
  };
  for (const investigator of options.investigator ?? []) add(investigator);
  if (path === undefined) return [...listed.values()];
  for await (const row of readTable(path, { required: ['id', 'name'], optional: [] })) {
    const investigator = investigatorOf(row.field('id'), row.field('name'));
    if (investigator === undefined) {
      throw wrong(
        'investigator_invalid',
        `Line ${row.line} of ${path} names no investigator; ${INVESTIGATOR_RULE}`,
      );
    }
    add(investigator);
  }
  return [...listed.values()];
}

const INVESTIGATOR_RULE = `give an id of 1 to ${INVESTIGATOR_ID_MAX} and a name of 1 to ${INVESTIGATOR_NAME_MAX} bytes of printable text with single plain spaces.`;

function investigatorOf(id: string, name: string): Investigator | undefined {
  const investigator = { id: id.trim(), name: name.trim() };
  const isOne =
    isLine(investigator.id, INVESTIGATOR_ID_MAX) && isLine(investigator.name, INVESTIGATOR_NAME_MAX);
  return isOne ? investigator : undefined;
}

function wrong(code: string, sentence: string): CommandError {
  return new CommandError(code, sentence, EXIT.usage);
}

function addInvestigator(text: string, others: readonly Investigator[] = []): readonly Investigator[] {
  const cut = text.indexOf('=');
  const investigator = cut < 0 ? undefined : investigatorOf(text.slice(0, cut), text.slice(cut + 1));
  if (investigator === undefined) throw new InvalidArgumentError(`Write ID=NAME: ${INVESTIGATOR_RULE}`);
  return [...others, investigator];
}

function addTaxPeriod(text: string, others: readonly string[] = []): readonly string[] {
  const period = text.trim();
  if (!isTaxPeriod(period))
    throw new InvalidArgumentError('Write a year, a quarter or a month: 2025, 2025-Q3 or 2025-07.');
  if (others.includes(period)) throw new InvalidArgumentError(`${period} is named already.`);
  if (others.length === MAX_TAX_PERIODS)
    throw new InvalidArgumentError(`Name at most ${MAX_TAX_PERIODS} tax periods.`);
  return [...others, period];
}

/** A text that goes into the signed manifest: one line, of so many bytes of UTF-8. */
function parseLine(maxBytes: number): (text: string) => string {
  return (text) => {
    const line = text.trim();
    if (!isLine(line, maxBytes)) {
      throw new InvalidArgumentError(
        `Give 1 to ${maxBytes} bytes of printable text on one line, with single plain spaces.`,
      );
    }
    return line;
  };
}
