import { nobleEngine, type ByteStrings } from '@blindmatch/group';
import { expandMessage } from './expand-message-twin.ts';
import { domainTag } from '../src/suite.ts';
import { ORDER, scalarOf, valueOf } from './scalar-values.ts';

// Blind and the unblinding of Finalize as RFC 9497, section 3.3.2, has them, an element at a time: the twin of
// the additive blinding.

/** blind·H(x) for each input, 32·n bytes. */
export function blindByProduct(inputs: ByteStrings, blinds: Uint8Array): Uint8Array {
  return each(blinds, (blind, i) => {
    const input = inputs.bytes.subarray(inputs.offsets[i], inputs.offsets[i + 1]);
    const uniform = expandMessage(input, domainTag('HashToGroup-'), 64);
    return product(nobleEngine.encode(nobleEngine.derive(uniform)), blind);
  });
}

/** blind^-1·D for each element, 32·n bytes. */
export function unblindByInverse(evaluated: Uint8Array, blinds: Uint8Array): Uint8Array {
  return each(blinds, (blind, i) => {
    const inverse = power(valueOf(blind), ORDER - 2n);
    return product(evaluated.subarray(32 * i, 32 * i + 32), scalarOf(inverse));
  });
}

function each(blinds: Uint8Array, element: (blind: Uint8Array, index: number) => Uint8Array): Uint8Array {
  const count = blinds.length / 32;
  return Buffer.concat(
    Array.from({ length: count }, (_, i) => element(blinds.subarray(32 * i, 32 * i + 32), i)),
  );
}

/** One element times one scalar. */
function product(element: Uint8Array, scalar: Uint8Array): Uint8Array {
  return nobleEngine.encode(nobleEngine.multiplyFixed(element, scalar));
}

/** base^exponent modulo the order. */
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let [square, bits] = [base, exponent]; bits > 0n; bits >>= 1n) {
    if (bits & 1n) result = (result * square) % ORDER;
    square = (square * square) % ORDER;
  }
  return result;
}
