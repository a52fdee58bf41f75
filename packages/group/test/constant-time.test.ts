import { describe, expect, it } from 'vitest';
import { Assembler, placeAt, staticPlace } from '../wasm/assembler.ts';
import { f64x2, i32, i64, v128, memoryCopy, type I32 } from '../wasm/instructions.ts';
import { assembleModule } from '../wasm/modules.ts';
import { readModule, type ReadModule } from './module-reader.ts';
import { leaksOf } from './secret-flow.ts';

const kinds = (module: ReadModule, name: string): string[] => [
  ...new Set(leaksOf(module, name).map(({ kind }) => kind)),
];

/** A module with one function, to follow. */
function moduleOf(body: (assembler: Assembler, ...parameters: I32[]) => void, parameters = 2): ReadModule {
  const assembler = new Assembler();
  assembler.routine('probe', parameters, (...values) => {
    body(assembler, ...values);
  });
  return readModule(assembler.assemble());
}

describe.each(['fma', 'int'] as const)('the module over %s', (variant) => {
  const module = readModule(assembleModule(variant));

  // Of these, `multiply` and `prepareDigits` see the holder's key; the others may see whatever they like as well.
  it.each([
    ...['multiply', 'prepareDigits', 'subtractProduct', 'reduceWide'],
    ...['decode', 'derive', 'encode', 'encodeDouble', 'addPoints', 'subtractPoints', 'normalize'],
    ...['decodeWithRoots', 'encodeWithRoots', 'encodeDoubleWithRoots'],
    ...['fillFixedTable', 'sha512Begin', 'sha512Absorb'],
  ])('%s takes no branch and no address from a value in memory', (name) => {
    expect(leaksOf(module, name)).toEqual([]);
  });

  it('multiplyFixed looks up a table by a blind, as it says, but does not branch on it', () => {
    expect(kinds(module, 'multiplyFixed')).toEqual(['address']);
  });

  it('addToBuckets finds buckets by public scalars, as it says', () => {
    expect(kinds(module, 'addToBuckets')).toEqual(['address']);
  });

  it('sha512Each goes by lengths from memory, as it says', () => {
    expect(kinds(module, 'sha512Each').sort()).toEqual(['address', 'branch']);
  });
});

describe('following secrets', () => {
  const secret = i32.load(staticPlace(64));

  it('lets memory be read and written at public addresses', () => {
    const module = moduleOf((assembler, to, from) => {
      const sum = assembler.keep(i32.add(i32.load(placeAt(from)), i32.const(1)));
      assembler.emit(i32.store(placeAt(to), sum));
      assembler.emit(memoryCopy(to, from, i32.const(16)));
      assembler.repeat(from, () => {
        assembler.emit(v128.store(placeAt(to), f64x2.add(v128.load(placeAt(from)), v128.load(placeAt(to)))));
      });
    });
    expect(leaksOf(module, 'probe')).toEqual([]);
  });

  const addresses: [string, (assembler: Assembler, to: I32) => void][] = [
    [
      'loads',
      (assembler, to) => {
        assembler.emit(i32.store(placeAt(to), i32.load(placeAt(secret))));
      },
    ],
    [
      'stores',
      (assembler, to) => {
        assembler.emit(i32.store(placeAt(secret), to));
      },
    ],
    [
      'copies to',
      (assembler, to) => {
        assembler.emit(memoryCopy(secret, to, i32.const(8)));
      },
    ],
    [
      'copies from',
      (assembler, to) => {
        assembler.emit(memoryCopy(to, secret, i32.const(8)));
      },
    ],
    [
      'copies so much',
      (assembler, to) => {
        assembler.emit(memoryCopy(to, to, secret));
      },
    ],
    [
      'loads one lane',
      (assembler, to) => {
        const vector = v128.loadLane(placeAt(secret), 1, v128.load(placeAt(to)));
        assembler.emit(v128.store(placeAt(to), vector));
      },
    ],
    [
      'stores one lane',
      (assembler, to) => {
        assembler.emit(v128.storeLane(placeAt(secret), 0, v128.load(placeAt(to))));
      },
    ],
    [
      'computes an address through locals and other types',
      (assembler, to) => {
        const wide = assembler.keep(i64.mul(i64.extendU(secret), i64.const(24n)));
        const address = assembler.keep(i32.add(to, i32.wrap(wide)));
        assembler.emit(i32.store(placeAt(to), i32.load8U(placeAt(address))));
      },
    ],
    [
      'moves a pointer by a secret for the next time around',
      (assembler, to) => {
        const [pointer, step] = [assembler.local('i32'), assembler.local('i32')];
        pointer.set(to);
        step.set(i32.const(8));
        assembler.repeat(i32.const(3), () => {
          assembler.emit(i32.store(placeAt(pointer.value), i32.const(1)));
          pointer.set(i32.add(pointer.value, step.value));
          step.set(secret);
        });
      },
    ],
  ];
  it.each(addresses)('finds code that %s by a secret', (_, body) => {
    expect(kinds(moduleOf(body), 'probe')).toEqual(['address']);
  });

  it('finds a secret address in what is called', () => {
    const assembler = new Assembler();
    const store = assembler.routine(undefined, 2, (to, value) => {
      assembler.emit(i32.store(placeAt(to), value));
    });
    assembler.routine('sound', 1, (to) => {
      assembler.call(store, to, secret);
    });
    assembler.routine('leaky', 1, (value) => {
      assembler.call(store, secret, value);
    });
    const module = readModule(assembler.assemble());
    expect([kinds(module, 'sound'), kinds(module, 'leaky')]).toEqual([[], ['address']]);
  });

  const branches: [string, (assembler: Assembler) => void][] = [
    [
      'repeats',
      (assembler) => {
        assembler.repeat(secret, () => undefined);
      },
    ],
    [
      'skips',
      (assembler) => {
        assembler.emit(secret.code, 0x04, 0x40, 0x0b);
      },
    ],
    [
      'selects',
      (assembler) => {
        assembler.emit(0x41, 1, 0x41, 2, secret.code, 0x1b, 0x1a);
      },
    ],
    [
      'leaves',
      (assembler) => {
        assembler.emit(secret.code, 0x0d, 0);
      },
    ],
    [
      'switches',
      (assembler) => {
        assembler.emit(secret.code, 0x0e, 0, 0);
      },
    ],
  ];
  it.each(branches)('finds code that %s by a secret', (_, body) => {
    expect(kinds(moduleOf(body), 'probe')).toEqual(['branch']);
  });

  it('knows no division, whose time may depend on its operands', () => {
    expect(() =>
      moduleOf((assembler, a, b) => {
        assembler.emit(a.code, b.code, 0x6e, 0x1a);
      }),
    ).toThrow('instruction 6e 6e is not known');
  });
});
