import { addressOf, offsetBy, staticPlace, type Assembler, type Routine } from './assembler.ts';
import { i32, i64, type I32, type I64, type Place } from './instructions.ts';
import type { IntegerLanes, Lanes } from './integer-lanes.ts';
import { add, subtract, type FieldElement, type Linear, type Mask } from './linear.ts';

/** p = 2^255 − 19. */
export const P: bigint = 2n ** 255n - 19n;

/** A limb of one vector of lanes. */
export type Limb = Lanes;

/** A product in a sum of products. */
export interface ProductTerm {
  readonly a: FieldElement;
  readonly b: FieldElement;
  readonly bias: 0 | 1;
}

/** The sum of values times small whole numbers, the positive ones first; at least one is. */
export function signedSum<Value>(
  values: readonly Value[],
  factors: readonly number[],
  plus: (a: Value, b: Value) => Value,
  minus: (a: Value, b: Value) => Value,
): Value {
  const repeated = (sign: 1 | -1): Value[] =>
    values.flatMap((value, i) => Array<Value>(Math.max(0, sign * (factors[i] ?? 0))).fill(value));
  const positive = repeated(1).reduce(plus);
  return repeated(-1).reduce(minus, positive);
}

/** An entry of a table that is scanned. */
export interface ScanEntry {
  readonly place: Place;
  readonly mask: Mask;
  /** Which limbs of which of its elements are zero whatever is computed; they are not read. */
  readonly isZero?: (element: number, limb: number) => boolean;
}

/**
 * Arithmetic modulo p on batches of `lanes` elements, as code that is written into a module. What the two
 * representations share stands here; they differ in their limbs and in the product.
 *
 * Bounds: a product accepts operands whose bounds it can prove harmless and gives elements of `productBound`;
 * sums add their operands' bounds; `carry` brings a sum back. Everything is checked when the module is
 * written: a formula with a wrong bound does not build.
 */
export abstract class Field {
  readonly assembler: Assembler;
  /** Elements that are worked on side by side. */
  abstract readonly lanes: number;
  /** Limbs of an element, and vectors of each limb. */
  abstract readonly limbs: number;
  abstract readonly vectors: number;
  /** What no limb of a product exceeds. */
  abstract readonly productBound: bigint;

  readonly #constants = new Map<bigint, FieldElement>();

  constructor(assembler: Assembler) {
    this.assembler = assembler;
  }

  /** Bytes of a batch: limb by limb, lanes side by side, eight bytes each. */
  get bytes(): number {
    return 8 * this.limbs * this.lanes;
  }

  /** Bytes of one lane on its own: limb by limb. */
  get laneBytes(): number {
    return 8 * this.limbs;
  }

  // What the representations define.

  /** The limbs of a constant, as the eight bytes of each; their bound is `constantBound`. */
  protected abstract constantLimbs(value: bigint): readonly bigint[];
  protected abstract readonly constantBound: bigint;
  protected abstract checkSum(bound: bigint): void;
  protected abstract checkSquare(a: bigint): void;
  /** What `carry` makes of a bound. */
  protected abstract carriedBound(bound: bigint): bigint;
  /** The routine for factors with these bounds; there is none for bounds that can't be multiplied. */
  protected abstract multiplyRoutine(a: bigint, b: bigint): Routine;
  protected abstract readonly squareRoutine: Routine;
  /** (place, times): squares in place, in a loop without calls; most of an exponentiation is spent here. */
  protected abstract readonly squareInPlaceRoutine: Routine;
  protected abstract loadLimb(place: Place, limb: number, vector: number): Limb;
  protected abstract storeLimb(place: Place, limb: number, vector: number, value: Limb): void;
  /** One limb of a linear expression; `limb` gives its operands' limbs of the same vector. */
  protected abstract evaluate(
    node: Exclude<Linear, FieldElement>,
    index: number,
    vector: number,
    limb: (operand: Linear, index: number) => Limb,
  ): Limb;
  /** A mask from an integer for each lane, all ones or zero. */
  abstract packMask(lanes: readonly I64[]): Mask;
  /** A mask that is the same in all lanes. */
  abstract uniformMask(value: I64): Mask;
  /** One limb from memory, of each lane of a vector from its own address. */
  protected abstract gatherLimb(from: readonly I32[], offset: number, vector: number): Limb;
  protected abstract scatterLimb(to: readonly I32[], offset: number, vector: number, value: Limb): void;
  /** One limb from memory, the same in all lanes. */
  protected abstract broadcastLimb(from: Place): Limb;
  /** What 64-bit integers in the lanes of one vector do. */
  abstract readonly integers: IntegerLanes;
  /**
   * The five digits, signed, that the limbs of one vector amount to: at most 7·2^51 each when the element's bound
   * is at most `convertibleBound`.
   */
  abstract digits(limbs: readonly Limb[]): Limb[];
  abstract readonly convertibleBound: bigint;
  /** Stores five digits, each below 2^51, as an element of one vector; its bound is `digitBound`. */
  abstract storeDigits(to: Place, vector: number, digits: readonly Limb[]): void;
  abstract readonly digitBound: bigint;
  /** One 64-bit word of each lane of a vector, lanes `stride` bytes apart. */
  abstract loadWord(from: Place, stride: number, vector: number): Limb;
  abstract storeWord(to: Place, stride: number, vector: number, word: Limb): void;

  /**
   * Probes `times` times, at least once, whether what this field takes for a fused multiply-add rounds once:
   * (1 + 2^-30)² − (1 + 2^-29) is 2^-60 then, and otherwise 0. Stores two integers that are zero when it always did.
   */
  abstract probeFusion(to: Place, times: I32): void;

  // Elements.

  /** An element whose limbs the caller knows to be within a bound: a parameter, under its routine's contract. */
  element(place: Place, bound: bigint): FieldElement {
    return { kind: 'element', place, bound };
  }

  /** A product in memory of its own, for the routine that is being written. */
  scratch(): Place {
    return staticPlace(this.assembler.reserve(this.bytes));
  }

  /** The same constant in every lane. */
  constant(value: bigint): FieldElement {
    const reduced = ((value % P) + P) % P;
    const known = this.#constants.get(reduced);
    if (known !== undefined) return known;
    const bytes = new DataView(new ArrayBuffer(this.bytes));
    this.constantLimbs(reduced).forEach((limb, i) => {
      for (let lane = 0; lane < this.lanes; lane++)
        bytes.setBigInt64(8 * (this.lanes * i + lane), limb, true);
    });
    const address = this.assembler.place(new Uint8Array(bytes.buffer));
    const element = this.element(staticPlace(address), this.constantBound);
    this.#constants.set(reduced, element);
    return element;
  }

  /** a with its limbs brought back to a product's size, where this field needs that. */
  carry(a: Linear): Linear {
    const bound = this.carriedBound(a.bound);
    if (bound >= a.bound) return a;
    return { kind: 'carry', a, rounded: { kind: 'round', a, bound: a.bound }, bound };
  }

  /** Computes limbs of one vector of expressions, each of them and of their operands once, when first asked for. */
  #limbs(vector: number): (node: Linear, index: number) => Limb {
    const kept = new Map<Linear, Limb[]>();
    const limb = (node: Linear, index: number): Limb => {
      const known = kept.get(node) ?? [];
      kept.set(node, known);
      return (known[index] ??= this.assembler.keep(
        node.kind === 'element'
          ? this.loadLimb(node.place, index, vector)
          : this.evaluate(node, index, vector, limb),
      ));
    };
    return limb;
  }

  /** All limbs of one vector of an expression. */
  limbsOf(vector: number, node: Linear): readonly Limb[] {
    this.checkSum(node.bound);
    const limb = this.#limbs(vector);
    return Array.from({ length: this.limbs }, (_, index) => limb(node, index));
  }

  /** Writes expressions to memory in one pass, each operand read once, and gives them as elements. */
  store<Nodes extends readonly Linear[]>(
    nodes: readonly [...Nodes],
    places?: readonly Place[],
  ): { [Index in keyof Nodes]: FieldElement } {
    const stored = nodes.map((node, i) => {
      this.checkSum(node.bound);
      return { node, place: places?.[i] ?? this.scratch() };
    });
    for (let vector = 0; vector < this.vectors; vector++) {
      const limb = this.#limbs(vector);
      for (let index = 0; index < this.limbs; index++) {
        // Read before the first is written: a place may be that of another's operand.
        const values = stored.map(({ node }) => limb(node, index));
        stored.forEach(({ place }, i) => {
          this.storeLimb(place, index, vector, values[i] ?? this.integers.constant(0n));
        });
      }
    }
    return stored.map(({ node, place }) => this.element(place, node.bound)) as {
      [Index in keyof Nodes]: FieldElement;
    };
  }

  #stored(a: Linear): FieldElement {
    return a.kind === 'element' ? a : this.store([a])[0];
  }

  /** a·b. */
  multiply(a: Linear, b: Linear, to: Place = this.scratch()): FieldElement {
    const routine = this.multiplyRoutine(a.bound, b.bound);
    const places = [to, this.#stored(a).place, this.#stored(b).place];
    this.assembler.call(routine, ...places.map(addressOf));
    return this.element(to, this.productBound);
  }

  /** a². */
  square(a: Linear, to: Place = this.scratch()): FieldElement {
    this.checkSquare(a.bound);
    this.assembler.call(this.squareRoutine, addressOf(to), addressOf(this.#stored(a).place));
    return this.element(to, this.productBound);
  }

  /**
   * Sums of products, each reduced like a product: for every row of `sums`, the products times its small whole
   * numbers. `bias` says how often a product counts in what keeps carries positive (for a field that needs that):
   * so that each sum has it just once.
   */
  combine<Rows extends readonly (readonly number[])[]>(
    products: readonly ProductTerm[],
    sums: readonly [...Rows],
  ): { [Index in keyof Rows]: FieldElement } {
    const values = products.map(({ a, b }) => (a === b ? this.square(a) : this.multiply(a, b)));
    const nodes = sums.map((row) => signedSum<Linear>(values, row, add, subtract));
    return this.store(nodes) as unknown as { [Index in keyof Rows]: FieldElement };
  }

  /** a^(2^times). */
  squareTimes(a: FieldElement, times: number, to: Place = this.scratch()): FieldElement {
    const first = this.square(a, to);
    if (times > 1) this.assembler.call(this.squareInPlaceRoutine, addressOf(to), i32.const(times - 1));
    return first;
  }

  // Masks.

  /**
   * The sum of all entries under their masks, of which one is set: reads every entry whole, whichever that is.
   * An entry is `count` elements, one after the other.
   */
  scan(to: Place, entries: readonly ScanEntry[], count: number): void {
    this.#eachLimb(count, (batchOffset, _, limb, vector) => {
      const index = batchOffset / this.bytes;
      const masked = entries
        .filter(({ isZero }) => isZero?.(index, limb) !== true)
        .map(({ place, mask }) => {
          const value = this.loadLimb(offsetBy(place, batchOffset), limb, vector);
          return this.integers.and(value, mask[vector] ?? value);
        });
      const sum = masked.reduce((all, one) => this.integers.or(all, one));
      this.storeLimb(offsetBy(to, batchOffset), limb, vector, sum);
    });
  }

  and(a: Mask, b: Mask): Mask {
    return a.map((value, i) => this.assembler.keep(this.integers.and(value, b[i] ?? value)));
  }

  or(a: Mask, b: Mask): Mask {
    return a.map((value, i) => this.assembler.keep(this.integers.or(value, b[i] ?? value)));
  }

  not(a: Mask): Mask {
    return a.map((value) => this.assembler.keep(this.integers.xor(value, this.integers.constant(-1n))));
  }

  /** Stores a mask as eight bytes a lane, all ones or all zeros. */
  storeMask(to: Place, mask: Mask): void {
    mask.forEach((value, vector) => {
      this.storeWord(to, 8, vector, value);
    });
  }

  // Single lanes. On its own, an element is its limbs one after the other, and `count` elements follow each other.

  #eachLimb(
    count: number,
    visit: (batchOffset: number, laneOffset: number, limb: number, vector: number) => void,
  ) {
    for (let n = 0; n < count; n++) {
      for (let limb = 0; limb < this.limbs; limb++) {
        for (let vector = 0; vector < this.vectors; vector++) {
          visit(n * this.bytes, n * this.laneBytes + 8 * limb, limb, vector);
        }
      }
    }
  }

  /** Fills a batch from single elements, that of each lane from its own address. */
  gather(to: Place, from: readonly I32[], count: number): void {
    this.#eachLimb(count, (batchOffset, laneOffset, limb, vector) => {
      const value = this.gatherLimb(from, laneOffset, vector);
      this.storeLimb(offsetBy(to, batchOffset), limb, vector, value);
    });
  }

  /** Stores each lane of a batch as single elements, at an address of its own. */
  scatter(to: readonly I32[], from: Place, count: number): void {
    this.#eachLimb(count, (batchOffset, laneOffset, limb, vector) => {
      const value = this.loadLimb(offsetBy(from, batchOffset), limb, vector);
      this.scatterLimb(to, laneOffset, vector, this.assembler.keep(value));
    });
  }

  /** Fills all lanes of a batch with the lane whose first limb in another batch is at an address. */
  broadcast(to: Place, lane: I32, count: number): void {
    this.#eachLimb(count, (batchOffset, _, limb, vector) => {
      const value = this.broadcastLimb({ base: lane, offset: batchOffset + 8 * this.lanes * limb });
      this.storeLimb(offsetBy(to, batchOffset), limb, vector, value);
    });
  }

  /** Copies one lane of a batch into the same lane of another. */
  copyLane(to: Place, from: Place, lane: number, count: number): void {
    for (let limb = 0; limb < count * this.limbs; limb++) {
      const offset = 8 * (this.lanes * limb + lane);
      this.assembler.emit(i64.store(offsetBy(to, offset), i64.load(offsetBy(from, offset))));
    }
  }

  /** The address of lane `lane` of the batch at a place. */
  laneAddress(place: Place, lane: number): I32 {
    return addressOf(offsetBy(place, 8 * lane));
  }
}
