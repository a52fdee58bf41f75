import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { Engine, Points } from '../src/engine.ts';
import { nobleEngine } from '../src/noble-engine.ts';
import { concat, items } from './byte-batches.ts';
import { anyCandidate, anyElement, anyUniform, EDGE_FIELD_VALUES } from './edge-values.ts';
import { GENERATOR, knownElements } from './known-elements.ts';
import { rootsOf } from '../src/noble-roots.ts';
import { refusal } from './refusal.ts';
import { anyReplacement } from './roots.ts';
import { anyScalar, littleEndian, scalars } from './scalar-arithmetic.ts';

/** Something that an engine must do as the reference engine does; throws with what differs. */
export interface AgreementCheck {
  readonly name: string;
  readonly check: () => void;
}

// An engine works on some elements at a time: sizes below, at and above any number of lanes.
const MOST = 13;
// More than a batch that shares one inversion has at least.
const LARGE = 263;

const smallBatch = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.array(item, { minLength: 1, maxLength: MOST, size: 'max' });

/** The engine's points are those of the reference: by both of its encodings. */
function expectSame(engine: Engine, points: Points, reference: Points): void {
  expect(points.count).toBe(reference.count);
  expect(items(engine.encode(points))).toEqual(items(nobleEngine.encode(reference)));
  expect(items(engine.encodeDouble(points))).toEqual(items(nobleEngine.encodeDouble(reference)));
}

/** Runs the same operations on both engines, and compares what comes out. */
function compare(engine: Engine, work: (either: Engine) => Points): void {
  expectSame(engine, work(engine), work(nobleEngine));
}

/** One step of a walk from batch to batch, all of one size. */
type Step =
  | { readonly kind: 'add' | 'subtract'; readonly from: number }
  | { readonly kind: 'multiply'; readonly scalar: bigint };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('add' as const, 'subtract' as const), from: fc.nat(7) }),
  fc.record({ kind: fc.constant('multiply' as const), scalar: anyScalar }),
);

function walk(engine: Engine, starts: readonly Points[], steps: readonly Step[]): Points {
  const batches = [...starts];
  for (const step of steps) {
    const last = batches.at(-1)!;
    if (step.kind === 'multiply') {
      batches.push(engine.multiplyHalf(last, scalars(step.scalar)));
    } else {
      // Often the last batch itself, or one that it was made of: equal and opposite points.
      batches.push(engine[step.kind](last, batches[batches.length - 1 - (step.from % batches.length)]!));
    }
  }
  return batches.at(-1)!;
}

/** All of the checks for one engine; `runs` are fast-check's parameters for each of their properties. */
export function agreementChecks(
  engine: Engine,
  runs: fc.Parameters<unknown> = {},
): readonly AgreementCheck[] {
  return [
    {
      name: 'derives elements from any uniform bytes, edges of the field included',
      check: () => {
        fc.assert(
          fc.property(smallBatch(anyUniform), (batch) => {
            compare(engine, (either) => either.derive(concat(...batch)));
          }),
          { numRuns: 40, ...runs },
        );
      },
    },
    {
      name: 'derives an element from every edge of the field in each half',
      check: () => {
        const halves = EDGE_FIELD_VALUES.map((value) => littleEndian(value));
        const ordinary = littleEndian(2n ** 200n + 12345n);
        compare(engine, (either) => either.derive(concat(...halves.map((half) => concat(half, ordinary)))));
        compare(engine, (either) => either.derive(concat(...halves.map((half) => concat(ordinary, half)))));
        compare(engine, (either) => either.derive(concat(...halves.map((half) => concat(half, half)))));
      },
    },
    {
      name: 'decodes elements',
      check: () => {
        fc.assert(
          fc.property(smallBatch(anyElement), (batch) => {
            compare(engine, (either) => either.decode(concat(...batch)));
          }),
          { numRuns: 25, ...runs },
        );
      },
    },
    {
      name: 'accepts and refuses what it is given at every edge of the field',
      check: () => {
        for (const value of EDGE_FIELD_VALUES) {
          for (const candidate of [littleEndian(value), littleEndian(value + 2n ** 255n)]) {
            const verdict = (either: Engine): unknown => refusal(() => either.decode(candidate));
            expect(verdict(engine)).toEqual(verdict(nobleEngine));
          }
        }
      },
    },
    {
      name: 'refuses a batch for the first element that is wrong, in whatever lane',
      check: () => {
        const places = fc.array(fc.tuple(fc.nat(MOST - 1), anyCandidate), { maxLength: 4 });
        fc.assert(
          fc.property(smallBatch(anyElement), places, (elements, candidates) => {
            const batch = [...elements];
            for (const [place, candidate] of candidates) batch[place % batch.length] = candidate;
            const verdict = (either: Engine): unknown => refusal(() => either.decode(concat(...batch)));
            expect(verdict(engine)).toEqual(verdict(nobleEngine));
          }),
          { numRuns: 60, ...runs },
        );
      },
    },
    {
      name: 'gives the roots of what it encodes, and takes them',
      check: () => {
        const starts = smallBatch(fc.tuple(anyUniform, anyElement));
        fc.assert(
          fc.property(starts, anyScalar, (batch, scalar) => {
            const give = (either: Engine): string[] => {
              const derived = either.derive(concat(...batch.map(([uniform]) => uniform)));
              const decoded = either.decode(concat(...batch.map(([, element]) => element)));
              const product = either.multiplyHalf(decoded, scalars(scalar));
              return [derived, decoded, product, either.add(derived, product)].flatMap((points) =>
                [either.encodeWithRoots(points), either.encodeDoubleWithRoots(points)].flatMap(
                  ({ elements, roots }) => {
                    const isGood = refusal(() => {
                      expect(either.areRoots(elements, roots)).toBe(true);
                    });
                    return [...items(elements), ...items(roots), JSON.stringify(isGood ?? 'taken')];
                  },
                ),
              );
            };
            expect(give(engine)).toEqual(give(nobleEngine));
          }),
          { numRuns: 15, ...runs },
        );
      },
    },
    {
      name: 'decodes with any roots as it decodes without',
      check: () => {
        const item = fc.tuple(anyElement, anyReplacement, fc.nat(MOST - 1));
        const places = fc.array(fc.tuple(fc.nat(MOST - 1), anyCandidate), { maxLength: 1 });
        fc.assert(
          fc.property(smallBatch(item), places, (batch, candidates) => {
            const good = batch.map(([element]) => element);
            const roots = concat(
              ...batch.map(([element, replace, other]) =>
                replace(rootsOf(element), rootsOf(good[other % good.length]!)),
              ),
            );
            const elements = concat(
              ...good.map(
                (element, i) => candidates.find(([place]) => place % good.length === i)?.[1] ?? element,
              ),
            );
            const verdict = (work: () => unknown): unknown => refusal(work);
            expect(verdict(() => engine.decodeWithRoots(elements, roots))).toEqual(
              verdict(() => nobleEngine.decode(elements)),
            );
            if (verdict(() => nobleEngine.decode(elements)) !== undefined) return;
            expectSame(engine, engine.decodeWithRoots(elements, roots), nobleEngine.decode(elements));
            expect(engine.areRoots(elements, roots)).toBe(nobleEngine.areRoots(elements, roots));
          }),
          { numRuns: 60, ...runs },
        );
      },
    },
    {
      name: 'adds and subtracts',
      check: () => {
        const pairs = smallBatch(fc.tuple(anyElement, anyElement));
        fc.assert(
          fc.property(pairs, fc.boolean(), (batch, equal) => {
            const left = concat(...batch.map(([element]) => element));
            const right = equal ? left : concat(...batch.map(([, element]) => element));
            compare(engine, (either) => either.add(either.decode(left), either.decode(right)));
            compare(engine, (either) => either.subtract(either.decode(left), either.decode(right)));
          }),
          { numRuns: 12, ...runs },
        );
      },
    },
    {
      name: 'multiplies every point by one scalar',
      check: () => {
        fc.assert(
          fc.property(smallBatch(anyElement), anyScalar, (batch, scalar) => {
            compare(engine, (either) =>
              either.multiplyHalf(either.decode(concat(...batch)), scalars(scalar)),
            );
          }),
          { numRuns: 25, ...runs },
        );
      },
    },
    {
      name: 'goes any way from point to point',
      check: () => {
        const start = smallBatch(fc.tuple(anyUniform, anyScalar));
        fc.assert(
          fc.property(start, fc.array(anyStep, { minLength: 2, maxLength: 7 }), (starts, steps) => {
            compare(engine, (either) => {
              const derived = either.derive(concat(...starts.map(([uniform]) => uniform)));
              const fixed = either.multiplyFixed(GENERATOR, scalars(...starts.map(([, scalar]) => scalar)));
              return walk(either, [derived, fixed], steps);
            });
          }),
          { numRuns: 20, ...runs },
        );
      },
    },
    {
      name: 'multiplies one element by many scalars',
      check: () => {
        const bases = fc.array(fc.tuple(anyElement, smallBatch(anyScalar)), { minLength: 1, maxLength: 2 });
        fc.assert(
          fc.property(bases, (turns) => {
            // To and fro, so that tables are thrown away and made again.
            for (const [base, factors] of [...turns, ...turns]) {
              compare(engine, (either) => either.multiplyFixed(base, scalars(...factors)));
            }
          }),
          { numRuns: 8, ...runs },
        );
      },
    },
    {
      name: 'adds up scalars times points',
      check: () => {
        const short = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n });
        const term = fc.tuple(anyElement, fc.oneof(anyScalar, short));
        fc.assert(
          fc.property(fc.array(term, { maxLength: 70, size: 'max' }), (terms) => {
            compare(engine, (either) =>
              either.multiScalarMultiply(
                either.decode(concat(...terms.map(([element]) => element))),
                scalars(...terms.map(([, scalar]) => scalar)),
              ),
            );
          }),
          { numRuns: 15, ...runs },
        );
      },
    },
    {
      name: 'does all of it in a large batch',
      check: () => {
        const { elements } = knownElements(LARGE);
        // The identity here and there, where one inversion serves many.
        const factors = Array.from({ length: LARGE }, (_, i) => (i % 50 === 7 ? 0n : BigInt(i) ** 29n));
        const scalar = scalars(2n ** 251n + 2n ** 200n - 1n);
        compare(engine, (either) => {
          const fixed = either.multiplyFixed(GENERATOR, scalars(...factors));
          return either.multiplyHalf(fixed, scalar);
        });
        compare(engine, (either) => {
          const points = either.decode(elements);
          return either.multiScalarMultiply(points, scalars(...factors));
        });
      },
    },
    {
      name: 'does what it does to scalars',
      check: () => {
        const wide = smallBatch(fc.uint8Array({ minLength: 64, maxLength: 64 }));
        fc.assert(
          fc.property(wide, anyScalar, anyScalar, (batch, a, b) => {
            const reduce = (either: Engine): Uint8Array => either.scalarsFromWide(concat(...batch));
            expect(items(reduce(engine))).toEqual(items(reduce(nobleEngine)));
            const c = reduce(nobleEngine).slice(0, 32);
            const subtract = (either: Engine): Uint8Array =>
              either.subtractProduct(scalars(a), scalars(b), c);
            expect(items(subtract(engine))).toEqual(items(subtract(nobleEngine)));
          }),
          { numRuns: 100, ...runs },
        );
      },
    },
    {
      name: 'hashes strings of any lengths between any affixes',
      check: () => {
        const bytes = fc.uint8Array({ maxLength: 300, size: 'max' });
        fc.assert(
          fc.property(
            bytes,
            fc.array(bytes, { maxLength: MOST, size: 'max' }),
            bytes,
            (prefix, strings, suffix) => {
              const offsets = new Uint32Array(strings.length + 1);
              for (const [i, string] of strings.entries()) offsets[i + 1] = offsets[i]! + string.length;
              const digests = (either: Engine): string[] =>
                items(either.sha512Each(prefix, { bytes: concat(...strings), offsets }, suffix), 64);
              expect(digests(engine)).toEqual(digests(nobleEngine));
            },
          ),
          { numRuns: 60, ...runs },
        );
      },
    },
  ];
}
