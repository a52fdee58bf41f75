import type { Points } from '@blindmatch/group';

/** Marks bytes or points as secret and gives them back. */
export type Secret = <Value extends Uint8Array | Points>(value: Value) => Value;

/** Do some work, and overwrite everything in it that was marked as secret when it ends, however it ends. */
export function wiping<Result>(work: (secret: Secret) => Result): Result {
  const secrets: Uint8Array[] = [];
  try {
    return work((value) => {
      secrets.push(value instanceof Uint8Array ? value : value.bytes);
      return value;
    });
  } finally {
    for (const secret of secrets) secret.fill(0);
  }
}
