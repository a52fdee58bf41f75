import { createOprfPool, loadEngine } from '@blindmatch/oprf';
import { digestText } from '@blindmatch/protocol';
import { isForTestsOnly, nextStopSignal, readPrivateKey, type Reporter } from '@blindmatch/terminal';
import type { Holder } from '../holder.ts';
import { listen } from '../daemon.ts';
import { openNewestEpoch } from '../epoch.ts';
import { openHolderDirectory } from '../holder-directory.ts';
import { openHolderLedger } from '../holder-ledger.ts';
import { parseListenAddress } from '../listen-address.ts';
import { createLog } from '../log.ts';
import { needsBuild } from '../pending-policy.ts';
import { adoptPolicyFile, PolicyInForce } from '../policy-in-force.ts';
import { readPolicy } from '../policy/read-policy.ts';
import { announceEpoch, ShownLog } from '../shown-log.ts';

export interface ServeOptions {
  readonly listen: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly workers?: number;
}

/** `blindmatchd serve`: answers authorised requests until SIGINT or SIGTERM. */
export async function serve(path: string, options: ServeOptions, reporter: Reporter): Promise<void> {
  const address = parseListenAddress(options.listen);
  const { tlsCert, tlsKey } = options;
  const tls =
    tlsCert === undefined || tlsKey === undefined ? undefined : { certificate: tlsCert, key: tlsKey };
  const { engine, notice } = loadEngine();
  const stopped = nextStopSignal();
  const directory = openHolderDirectory(path);
  // A policy that can't be used keeps the daemon from starting: it must not answer under another one than people think.
  readPolicy(directory.policy);
  const identity = readPrivateKey(directory.identity);
  const epoch = await openNewestEpoch(directory);
  const ledger = openHolderLedger(directory);
  const oprf = createOprfPool(options.workers === undefined ? {} : { workers: options.workers });
  const log = createLog();
  if (notice !== undefined) log.warn('slower engine', { engine: engine.name });
  if (isForTestsOnly(engine)) log.warn('engine for tests only', { engine: engine.name });
  const now = (): Date => new Date();
  /** Writes to the log what is served from now on. */
  const makeHolder = async (): Promise<Holder> => {
    const { policy } = await adoptPolicyFile(directory, ledger, now());
    // Whoever takes a tier out of the policy must not think that it is answered no more.
    if (needsBuild(policy, epoch.open.descriptor)) log.warn('policy needs a build');
    const epochLeaf = await announceEpoch(ledger, epoch.open, now());
    const policies = new PolicyInForce(ledger, ({ digest }) => {
      log.info('policy in force', { policy: digestText(digest) });
    });
    await policies.current();
    const shownLog = new ShownLog(ledger.log, identity, epochLeaf);
    const monotonic = (): number => performance.now();
    return { policies, identity, epoch, ledger, shownLog, oprf, log, now, monotonic };
  };
  try {
    const daemon = await listen(address, tls, makeHolder);
    const { descriptor } = epoch.open;
    reporter.event(
      'listening',
      {
        url: daemon.url,
        epoch: descriptor.epoch,
        tokens: descriptor.tokenSet.tokens,
        engine: engine.name,
        pid: process.pid,
      },
      `Listening on ${daemon.url} with epoch ${descriptor.epoch} (${descriptor.tokenSet.tokens} tokens) and the engine ${engine.name}.`,
    );
    const signal = await stopped;
    await daemon.close();
    reporter.event('stopped', { signal }, `Stopped by ${signal}.`);
  } finally {
    await oprf.close();
    await ledger.close();
    await epoch.close();
  }
}
