import type { Command } from 'commander';
import { audit, type AuditOptions } from './audit.ts';
import { certify, type CertifyOptions } from './certify.ts';
import { addWitness, parseCount, parseDays, parseWitnessName } from './option-values.ts';
import { reporterOf, subcommand, type Json } from './subcommand.ts';
import { verify, type VerifyOptions } from './verify.ts';
import { witness, type WitnessOptions } from './witness.ts';

/** Adds what is done with the evidence of a request: `certify`, `audit`. */
export function addEvidenceCommands(program: Command): void {
  inspectionOptions(
    subcommand(
      program,
      'certify',
      'check that every record has its order in the registry, and co-sign the request; needs only what is outside REQUEST/private',
    ),
    'certifier',
  )
    .requiredOption(
      '--registry <file>',
      'CSV file of the orders: order_number, order_date, given_name, middle_name, surname',
    )
    .requiredOption('--key <file>', "the certifier's private key (PKCS#8 PEM, 0600)")
    .option('--holder <fingerprint>', 'the holder; the request must have been prepared for it')
    .option(
      '--without-names',
      'let records pass whose order has no name in the registry, by number and date alone',
    )
    .option('--failures <file>', 'write the records that fail and why (CSV)')
    .option(
      '--minimum-order-age-days <number>',
      'the least age of an order, if more is asked for than the holder does (default: 0)',
      parseDays,
    )
    .option('--yes', 'sign without asking')
    .addHelpText(
      'after',
      '\nExample:\n  $ blindmatch certify REQUEST/ --registry orders.csv --key certifier.pem --identity certifier.age',
    )
    .action(async (path: string, options: CertifyOptions & Json) => {
      await certify(path, options, reporterOf(options));
    });

  inspectionOptions(
    subcommand(
      program,
      'audit',
      'check afterwards that a request is what it says; needs only what is outside REQUEST/private',
    ),
    'auditor',
  )
    .requiredOption('--holder <fingerprint>', 'the holder; the request must have been prepared for it')
    .option(
      '--sample <number>',
      'of how many records, drawn at random, the elements are computed again',
      parseCount,
      200,
    )
    .option('--no-receipt', 'take a request for whole that the holder has not answered')
    .option('--drawn <file>', 'write the drawn records (CSV), to compare them with the files of their cases')
    .addHelpText(
      'after',
      '\nExample:\n  $ blindmatch audit REQUEST/ --holder sha256:… --identity auditor.age --sample 200',
    )
    .action(async (path: string, options: AuditOptions & Json) => {
      await audit(path, options, reporterOf(options));
    });
}

/** Adds what is done with receipts and the holder's log: `verify`, `witness`. */
export function addReceiptCommands(program: Command): void {
  subcommand(program, 'verify', 'offline: what a receipt of a holder proves, or why it proves nothing')
    .argument('<receipt>', 'the receipt of a request or of an accounting')
    .requiredOption('--holder <fingerprint>', "the fingerprint of the holder's identity, sha256:…")
    .option('--request <directory>', 'the request that it must be for')
    .option('--checkpoint <file>', "another checkpoint of the holder's log, such as one that was published")
    .option(
      '--consistency <file>',
      'the proof that one of the two logs continues the other (blindmatchd log prove)',
    )
    .option(
      '--witness <name=file>',
      'a witness that must have cosigned the checkpoint, and its public key; may stand several times',
      addWitness,
    )
    .addHelpText(
      'after',
      `
Example:
  $ blindmatch verify results.csv.receipt.json --holder sha256:…`,
    )
    .action((path: string, options: VerifyOptions & Json) => {
      verify(path, options, reporterOf(options));
    });

  subcommand(program, 'witness', "cosign a checkpoint of a holder's log that continues the last one")
    .argument('<checkpoint>', "the holder's checkpoint (blindmatchd log checkpoint)")
    .requiredOption('--holder-key <file>', "the holder's public key (identity.pub.pem)")
    .option('--holder <fingerprint>', 'the fingerprint that this key must have, sha256:…')
    .requiredOption('--key <file>', "the witness's private key (PKCS#8 PEM, 0600)")
    .requiredOption(
      '--name <name>',
      'the name that the witness signs under, without spaces and plus signs',
      parseWitnessName,
    )
    .requiredOption('--remember <file>', 'where this witness keeps the last checkpoint that it saw')
    .option('--consistency <file>', 'the proof that the log continues that one (blindmatchd log prove)')
    .requiredOption('-o, --output <file>', 'where the cosigned checkpoint goes')
    .addHelpText(
      'after',
      `
Example:
  $ blindmatch witness checkpoint --holder-key identity.pub.pem --key witness.pem --name court.example/witness \\
      --remember seen.checkpoint --consistency growth.json -o cosigned.checkpoint`,
    )
    .action((path: string, options: WitnessOptions & Json) => {
      witness(path, options, reporterOf(options), () => new Date());
    });
}

/** What whoever opens the evidence of a request names: certifiers and auditors. */
function inspectionOptions(command: Command, who: string): Command {
  return command
    .argument('<request>', 'the directory that prepare made')
    .requiredOption('--identity <file>', `the ${who}'s age identity (0600), which opens the evidence`)
    .option('--workers <number>', 'worker threads (default: as many as there are cores)', parseCount);
}
