/** Requests as only a changed client makes them. */

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Decrypter, Encrypter } from 'age-encryption';
import {
  encodeEnvelope,
  encodeRequestManifest,
  openRequest,
  PAYLOAD_TYPES,
  privateKeyFromPem,
  signPayload,
  type RequestManifest,
} from '@blindmatch/protocol';
import type { Reader, Signer } from './policed-holder.ts';

/** Changes what a prepared request says and has it signed as that. */
export function signChanged(request: string, changes: Partial<RequestManifest>, signer: Signer): void {
  const path = join(request, 'manifest.dsse.json');
  const { manifest } = openRequest(readFileSync(path));
  const payload = encodeRequestManifest({ ...manifest, ...changes });
  const key = privateKeyFromPem(readFileSync(signer.key, 'utf8'));
  writeFileSync(path, encodeEnvelope(signPayload(PAYLOAD_TYPES.requestManifest, payload, key)));
}

/** Opens what is sealed. */
export async function unsealed(sealed: Uint8Array, reader: Reader): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(readFileSync(reader.identity, 'utf8').trim());
  return await decrypter.decrypt(sealed);
}

/** Seals other evidence than that of the records which are asked about, and has the request signed with it. */
export async function sealChanged(
  request: string,
  change: (lines: string) => string,
  { reader, signer }: { readonly reader: Reader; readonly signer: Signer },
): Promise<void> {
  const path = join(request, 'evidence.age');
  const plain = Buffer.from(await unsealed(readFileSync(path), reader)).toString('utf8');
  const changed = change(plain);
  if (changed === plain) throw new Error('the evidence is as it was');
  const encrypter = new Encrypter();
  encrypter.addRecipient(reader.entry.recipient);
  const sealed = await encrypter.encrypt(changed);
  writeFileSync(path, sealed);
  signChanged(request, { evidence: new Uint8Array(createHash('sha256').update(sealed).digest()) }, signer);
}
