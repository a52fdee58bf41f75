import { addressOf, offsetBy, placeAt, staticPlace, type Routine } from './assembler.ts';
import type { Field } from './field.ts';
import { P } from './field.ts';
import { power } from './field-powers.ts';
import type { Place } from './instructions.ts';
import { add, subtract, twice, type FieldElement, type Linear } from './linear.ts';

/** The curve constant d of edwards25519 (RFC 9496, section 4.1). */
export const D: bigint = (((-121665n * power(121666n, P - 2n)) % P) + P) % P;

/**
 * A batch of points in extended coordinates: x = X/Z, y = Y/Z, X·Y = Z·T, on −x² + y² = 1 + d·x²·y². Every
 * coordinate in memory is a product, or bounded like one.
 */
export interface ExtendedPoint {
  readonly place: Place;
  readonly x: FieldElement;
  readonly y: FieldElement;
  readonly z: FieldElement;
  readonly t: FieldElement;
}

/** What an addition needs of its second operand: Y − X, Y + X, 2·Z and 2·d·T. */
export interface CachedPoint {
  readonly place: Place;
  readonly yMinusX: FieldElement;
  readonly yPlusX: FieldElement;
  readonly z2: FieldElement;
  readonly td2: FieldElement;
}

/** The same of a point with Z = 1: y − x, y + x and 2·d·x·y. */
export interface AffinePoint {
  readonly place: Place;
  readonly yMinusX: FieldElement;
  readonly yPlusX: FieldElement;
  readonly xyd2: FieldElement;
}

/** Whether a result gets its T coordinate, which a doubling does not need. */
export type WithT = 'with T' | 'without T';

/**
 * The group law on edwards25519, complete for all points of the curve. Formulas: H. Hisil, K. Wong, G. Carter,
 * E. Dawson, "Twisted Edwards Curves Revisited", ASIACRYPT 2008 (section 3.1 for the addition with k = 2d,
 * section 3.3 for the doubling), a = −1.
 */
export class PointArithmetic {
  readonly field: Field;
  readonly #d2: FieldElement;
  readonly #doubleRoutines = new Map<WithT, Routine>();
  readonly #addRoutine: Routine;
  readonly #subtractRoutine: Routine;
  readonly #addAffineRoutines = new Map<WithT, Routine>();
  readonly #cacheRoutine: Routine;

  constructor(field: Field) {
    this.field = field;
    this.#d2 = field.constant(2n * D);
    const { assembler } = field;
    for (const withT of ['with T', 'without T'] as const) {
      this.#doubleRoutines.set(
        withT,
        assembler.routine(undefined, 2, (to, p) => {
          this.#writeDouble(this.extended(placeAt(to)), this.extended(placeAt(p)), withT);
        }),
      );
      this.#addAffineRoutines.set(
        withT,
        assembler.routine(undefined, 3, (to, p, q) => {
          this.#writeAdd(
            this.extended(placeAt(to)),
            this.extended(placeAt(p)),
            this.affine(placeAt(q)),
            withT,
          );
        }),
      );
    }
    this.#addRoutine = assembler.routine(undefined, 3, (to, p, q) => {
      this.#writeAdd(
        this.extended(placeAt(to)),
        this.extended(placeAt(p)),
        this.cached(placeAt(q)),
        'with T',
      );
    });
    this.#subtractRoutine = assembler.routine(undefined, 3, (to, p, q) => {
      this.#writeAdd(
        this.extended(placeAt(to)),
        this.extended(placeAt(p)),
        this.cached(placeAt(q)),
        'with T',
        'negated',
      );
    });
    this.#cacheRoutine = assembler.routine(undefined, 2, (to, p) => {
      this.#writeCached(this.cached(placeAt(to)), this.extended(placeAt(p)));
    });
  }

  /** Bytes of a batch of points, in either form with four coordinates. */
  get bytes(): number {
    return 4 * this.field.bytes;
  }

  #coordinate(place: Place, index: number, bound: bigint): FieldElement {
    return this.field.element(offsetBy(place, index * this.field.bytes), bound);
  }

  extended(place: Place): ExtendedPoint {
    const coordinate = (index: number): FieldElement =>
      this.#coordinate(place, index, this.field.productBound);
    return { place, x: coordinate(0), y: coordinate(1), z: coordinate(2), t: coordinate(3) };
  }

  /** The bound of a carried sum of two coordinates. */
  get sumBound(): bigint {
    return this.field.carry(twice(this.extended(staticPlace(0)).x)).bound;
  }

  cached(place: Place): CachedPoint {
    return {
      place,
      yMinusX: this.#coordinate(place, 0, this.sumBound),
      yPlusX: this.#coordinate(place, 1, this.sumBound),
      z2: this.#coordinate(place, 2, 2n * this.field.productBound),
      td2: this.#coordinate(place, 3, this.field.productBound),
    };
  }

  affine(place: Place): AffinePoint {
    return {
      place,
      yMinusX: this.#coordinate(place, 0, this.sumBound),
      yPlusX: this.#coordinate(place, 1, this.sumBound),
      xyd2: this.#coordinate(place, 2, this.field.productBound),
    };
  }

  /** Writes expressions as coordinates, which must be bounded like products. */
  storeCoordinates(to: readonly FieldElement[], values: readonly Linear[]): void {
    values.forEach((value, i) => {
      if (value.bound > (to[i]?.bound ?? 0n))
        throw new RangeError('a coordinate is larger than its place allows');
    });
    this.field.store(
      values,
      to.map(({ place }) => place),
    );
  }

  /** (X : Y : Z : T) = (0 : 1 : 1 : 0). */
  storeIdentity({ x, y, z, t }: ExtendedPoint): void {
    const [zero, one] = [this.field.constant(0n), this.field.constant(1n)];
    this.storeCoordinates([x, y, z, t], [zero, one, one, zero]);
  }

  copy(to: ExtendedPoint, from: ExtendedPoint): void {
    this.storeCoordinates([to.x, to.y, to.z, to.t], [from.x, from.y, from.z, from.t]);
  }

  // The formulas. Each is written once, as a routine; the methods below call it.

  #writeDouble(to: ExtendedPoint, p: ExtendedPoint, withT: WithT): void {
    const { field } = this;
    const e = field.multiply(p.x, twice(p.y));
    // G = Y² − X², F = 2Z² − G, H = X² + Y². F and H have the opposite sign of the paper's: that negates all four
    // coordinates, which is the same point.
    const squares = [
      { a: p.x, b: p.x, bias: 0 },
      { a: p.y, b: p.y, bias: 1 },
      { a: p.z, b: p.z, bias: 1 },
    ] as const;
    const [g, f, h] = field.combine(squares, [
      [-1, 1, 0],
      [1, -1, 2],
      [1, 1, 0],
    ]);
    this.#writeProducts(to, e, f, g, h, withT);
  }

  /** p + q, or p − q: −(x, y) = (−x, y) exchanges Y − X with Y + X, and changes the sign of T. */
  #writeAdd(
    to: ExtendedPoint,
    p: ExtendedPoint,
    q: CachedPoint | AffinePoint,
    withT: WithT,
    sign: 'as it is' | 'negated' = 'as it is',
  ): void {
    const { field } = this;
    const isNegated = sign === 'negated';
    const [minus, plus] = field.store([subtract(p.y, p.x), add(p.y, p.x)]);
    const factors = [
      { a: minus, b: isNegated ? q.yPlusX : q.yMinusX, bias: 0 },
      { a: plus, b: isNegated ? q.yMinusX : q.yPlusX, bias: 1 },
    ] as const;
    const [e, h] = field.combine(factors, [
      [-1, 1],
      [1, 1],
    ]);
    const c = field.multiply(p.t, 'td2' in q ? q.td2 : q.xyd2);
    const d = 'z2' in q ? field.multiply(p.z, q.z2) : twice(p.z);
    const [dMinusC, dPlusC] = isNegated ? [add(d, c), subtract(d, c)] : [subtract(d, c), add(d, c)];
    const [f, g] = field.store([dMinusC, field.carry(dPlusC)]);
    this.#writeProducts(to, e, f, g, h, withT);
  }

  #writeProducts(
    to: ExtendedPoint,
    e: FieldElement,
    f: FieldElement,
    g: FieldElement,
    h: FieldElement,
    withT: WithT,
  ): void {
    const { field } = this;
    field.multiply(f, g, to.z.place);
    field.multiply(g, h, to.y.place);
    field.multiply(e, f, to.x.place);
    if (withT === 'with T') field.multiply(e, h, to.t.place);
  }

  #writeCached(to: CachedPoint, p: ExtendedPoint): void {
    const { field } = this;
    this.storeCoordinates(
      [to.yMinusX, to.yPlusX, to.z2],
      [field.carry(subtract(p.y, p.x)), field.carry(add(p.y, p.x)), twice(p.z)],
    );
    field.multiply(p.t, this.#d2, to.td2.place);
  }

  /** Stores the affine form of points whose Z is 1. */
  storeAffine(to: AffinePoint, { x, y, t }: Pick<ExtendedPoint, 'x' | 'y' | 't'>): void {
    const { field } = this;
    this.storeCoordinates([to.yMinusX, to.yPlusX], [field.carry(subtract(y, x)), field.carry(add(y, x))]);
    field.multiply(t, this.#d2, to.xyd2.place);
  }

  #call(routine: Routine | undefined, ...points: readonly { readonly place: Place }[]): void {
    if (routine === undefined) throw new Error('a routine is missing');
    this.field.assembler.call(routine, ...points.map(({ place }) => addressOf(place)));
  }

  double(to: ExtendedPoint, p: ExtendedPoint, withT: WithT): void {
    this.#call(this.#doubleRoutines.get(withT), to, p);
  }

  add(to: ExtendedPoint, p: ExtendedPoint, q: CachedPoint): void {
    this.#call(this.#addRoutine, to, p, q);
  }

  subtract(to: ExtendedPoint, p: ExtendedPoint, q: CachedPoint): void {
    this.#call(this.#subtractRoutine, to, p, q);
  }

  addAffine(to: ExtendedPoint, p: ExtendedPoint, q: AffinePoint, withT: WithT): void {
    this.#call(this.#addAffineRoutines.get(withT), to, p, q);
  }

  cache(to: CachedPoint, p: ExtendedPoint): void {
    this.#call(this.#cacheRoutine, to, p);
  }
}
