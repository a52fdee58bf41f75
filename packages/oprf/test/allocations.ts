import { Buffer } from 'node:buffer';

/** The ways in which Node.js makes bytes without the constructor of Uint8Array that programs see. */
const BUFFER_MAKERS = ['alloc', 'allocUnsafe', 'concat', 'from'] as const;

/**
 * Every array of bytes that a piece of work makes, as it is when the work has ended: by the constructor of
 * Uint8Array, by its methods that make another one, or as a Buffer. Views on the memory of an engine are among them.
 * Bytes that the runtime makes by itself (a digest of node:crypto) are not.
 */
export async function bytesMadeDuring(work: () => Promise<unknown>): Promise<Uint8Array[]> {
  const made: Uint8Array[] = [];
  const original = globalThis.Uint8Array;
  const noting = new Proxy(original, {
    construct: (target, args, asked) => {
      const bytes = Reflect.construct(target, args, asked) as Uint8Array;
      made.push(bytes);
      return bytes;
    },
  });
  const makers = BUFFER_MAKERS.map((name) => [name, Reflect.get(Buffer, name)] as const);
  for (const [name, maker] of makers) {
    const notingMaker = (...args: unknown[]): unknown => {
      const bytes = Reflect.apply(maker, Buffer, args) as Uint8Array;
      made.push(bytes);
      return bytes;
    };
    Reflect.set(Buffer, name, notingMaker);
  }
  // Methods such as map and slice ask the array itself for its constructor.
  Reflect.set(original.prototype, 'constructor', noting);
  globalThis.Uint8Array = noting;
  try {
    await work();
  } finally {
    globalThis.Uint8Array = original;
    Reflect.set(original.prototype, 'constructor', original);
    for (const [name, maker] of makers) Reflect.set(Buffer, name, maker);
  }
  return made;
}

/** Whether a value stands somewhere in bytes. */
export function holds(bytes: Uint8Array, value: Uint8Array): boolean {
  const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
    Buffer.from(buffer, byteOffset, byteLength);
  return asBuffer(bytes).includes(asBuffer(value));
}
