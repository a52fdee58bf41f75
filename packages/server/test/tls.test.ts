import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import type { Holder } from '../src/holder.ts';
import { listen } from '../src/daemon.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const tls = { certificate: join(directory, 'tls.pem'), key: join(directory, 'tls.key') };

describe.skipIf(spawnSync('openssl', ['version']).status !== 0)(
  'a daemon with a certificate (needs openssl)',
  () => {
    it('is not kept from stopping by a TLS handshake that never ends', async () => {
      const made = ['req', '-x509', '-newkey', 'ed25519', '-nodes', '-subj', '/CN=localhost', '-days', '2'];
      execFileSync('openssl', [...made, '-keyout', tls.key, '-out', tls.certificate], { stdio: 'ignore' });
      chmodSync(tls.key, 0o600);
      const daemon = await listen({ host: '127.0.0.1', port: 0 }, tls, () => Promise.resolve({} as Holder));
      const silent = connect(Number(new URL(daemon.url).port), '127.0.0.1');
      await once(silent, 'connect');
      // Shorter than the deadline of a handshake.
      await daemon.close();
      silent.destroy();
    }, 5000);
  },
);
