import { addressOf, offsetBy, placeAt, staticPlace, type Assembler, type Routine } from './assembler.ts';
import { i32, i64, type I32, type I64, type Place, type Value } from './instructions.ts';
import type { FieldElement, Linear, Mask } from './linear.ts';

/** p = 2^255 − 19. */
export const P: bigint = 2n ** 255n - 19n;

/** A limb of one vector of lanes, in a local. */
export type Limb = Value<'i64' | 'v128'>;

/** 51-bit digits, five of them, as both fields pass them to and from bytes. */
const DIGIT_BITS = 51n;
const DIGIT_MASK = (1n << DIGIT_BITS) - 1n;
const DIGITS = 5;

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
  protected abstract checkProduct(a: bigint, b: bigint): void;
  protected abstract checkSquare(a: bigint): void;
  /** What `carry` makes of a bound. */
  protected abstract carriedBound(bound: bigint): bigint;
  protected abstract readonly multiplyRoutine: Routine;
  protected abstract readonly squareRoutine: Routine;
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
  protected abstract andLimb(a: Limb, b: Limb): Limb;
  protected abstract orLimb(a: Limb, b: Limb): Limb;
  abstract and(a: Mask, b: Mask): Mask;
  abstract or(a: Mask, b: Mask): Mask;
  abstract not(a: Mask): Mask;
  /** Digit `digit` of a lane as an integer. */
  protected abstract loadDigit(place: Place, lane: number, digit: number): I64;
  /** Stores a 51-bit digit of a lane; elements from digits have the bound `digitBound`. */
  protected abstract storeDigit(place: Place, lane: number, digit: number, value: I64): void;
  protected abstract readonly digitBound: bigint;

  /** Stores (1 + 2^-30)² − (1 + 2^-29) in two lanes, by what this field takes for a fused multiply-add. */
  abstract probeFusion(to: Place): void;

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

  /** Writes expressions to memory in one pass, each operand read once, and gives them as elements. */
  store<Nodes extends readonly Linear[]>(
    nodes: readonly [...Nodes],
    places?: readonly Place[],
  ): { [Index in keyof Nodes]: FieldElement } {
    const to = nodes.map((_, i) => places?.[i] ?? this.scratch());
    for (const node of nodes) this.checkSum(node.bound);
    for (let vector = 0; vector < this.vectors; vector++) {
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
      for (let index = 0; index < this.limbs; index++) {
        nodes.forEach((node, i) => {
          const place = to[i];
          if (place !== undefined) this.storeLimb(place, index, vector, limb(node, index));
        });
      }
    }
    return nodes.map((node, i) => this.element(to[i] ?? this.scratch(), node.bound)) as {
      [Index in keyof Nodes]: FieldElement;
    };
  }

  #stored(a: Linear): FieldElement {
    return a.kind === 'element' ? a : this.store([a])[0];
  }

  /** a·b. */
  multiply(a: Linear, b: Linear, to: Place = this.scratch()): FieldElement {
    this.checkProduct(a.bound, b.bound);
    const places = [to, this.#stored(a).place, this.#stored(b).place];
    this.assembler.call(this.multiplyRoutine, ...places.map(addressOf));
    return this.element(to, this.productBound);
  }

  /** a². */
  square(a: Linear, to: Place = this.scratch()): FieldElement {
    this.checkSquare(a.bound);
    this.assembler.call(this.squareRoutine, addressOf(to), addressOf(this.#stored(a).place));
    return this.element(to, this.productBound);
  }

  /** a^(2^times), by a loop. */
  squareTimes(a: FieldElement, times: number, to: Place = this.scratch()): FieldElement {
    const first = this.square(a, to);
    if (times > 1) this.assembler.repeat(i32.const(times - 1), () => this.square(first, to));
    return first;
  }

  // Bytes and masks.

  /** The value of a lane modulo p, as four 64-bit words, least significant first. */
  #canonicalWords(a: FieldElement, lane: number): readonly [I64, I64, I64, I64] {
    if (a.bound > 1n << 53n) throw new RangeError('an element is too large to be reduced');
    const keep = (value: I64): I64 => this.assembler.keep(value);
    const digit = (value: bigint): I64 => i64.const(value);
    // 8·p, digit by digit, makes every digit positive without changing the value modulo p.
    const digits = Array.from({ length: DIGITS }, (_, i) =>
      keep(i64.add(this.loadDigit(a.place, lane, i), digit(8n * (i === 0 ? DIGIT_MASK - 18n : DIGIT_MASK)))),
    ) as [I64, I64, I64, I64, I64];
    const carryUp = (): void => {
      for (let i = 0; i < DIGITS - 1; i++) {
        const [low = digit(0n), high = digit(0n)] = digits.slice(i);
        digits[i + 1] = keep(i64.add(high, i64.shrU(low, digit(DIGIT_BITS))));
        digits[i] = keep(i64.and(low, digit(DIGIT_MASK)));
      }
    };
    const foldTop = (): void => {
      const top = i64.shrU(digits[4], digit(DIGIT_BITS));
      digits[0] = keep(i64.add(digits[0], i64.mul(top, digit(19n))));
      digits[4] = keep(i64.and(digits[4], digit(DIGIT_MASK)));
    };
    carryUp();
    foldTop();
    carryUp();
    foldTop();
    // The value is below 2^255 + 19 now: it exceeds p − 1 just when value + 19 reaches 2^255.
    let reaches = i64.shrU(i64.add(digits[0], digit(19n)), digit(DIGIT_BITS));
    for (let i = 1; i < DIGITS; i++) {
      reaches = keep(i64.shrU(i64.add(digits[i] ?? digit(0n), reaches), digit(DIGIT_BITS)));
    }
    digits[0] = keep(i64.add(digits[0], i64.mul(reaches, digit(19n))));
    carryUp();
    digits[4] = keep(i64.and(digits[4], digit(DIGIT_MASK)));
    const [d0, d1, d2, d3, d4] = digits;
    const word = (low: I64, right: bigint, high: I64, left: bigint): I64 =>
      keep(i64.or(i64.shrU(low, i64.const(right)), i64.shl(high, i64.const(left))));
    return [word(d0, 0n, d1, 51n), word(d1, 13n, d2, 38n), word(d2, 26n, d3, 25n), word(d3, 39n, d4, 12n)];
  }

  #bytesRoutine: Routine | undefined;
  #canonicalPlace: number | undefined;

  /** Writes the routine that `toBytes` and the questions below call: once, before any other routine. */
  addBytesRoutine(): void {
    this.#canonicalPlace = this.assembler.reserve(32 * this.lanes);
    this.#bytesRoutine = this.assembler.routine(undefined, 2, (to, from) => {
      // Whatever calls this has checked its element against the bound of the largest.
      const element = this.element(placeAt(from), 1n << 53n);
      for (let lane = 0; lane < this.lanes; lane++) {
        this.#canonicalWords(element, lane).forEach((word, i) => {
          this.assembler.emit(i64.store(offsetBy(placeAt(to), 32 * lane + 8 * i), word));
        });
      }
    });
  }

  /** The canonical encodings of all lanes, 32 bytes each, least significant first (RFC 9496, section 4.1). */
  toBytes(to: Place, a: Linear): void {
    const stored = this.#stored(a);
    this.checkSum(stored.bound);
    if (this.#bytesRoutine === undefined) throw new Error('addBytesRoutine comes first');
    this.assembler.call(this.#bytesRoutine, addressOf(to), addressOf(stored.place));
  }

  #maskOfCanonical(a: Linear, laneMask: (words: (index: number) => I64) => I64): Mask {
    const place = staticPlace(this.#canonicalPlace ?? 0);
    this.toBytes(place, a);
    const lanes = Array.from({ length: this.lanes }, (_, lane) =>
      this.assembler.keep(laneMask((index) => i64.load(offsetBy(place, 32 * lane + 8 * index)))),
    );
    return this.packMask(lanes);
  }

  /** The lanes whose value is negative: IS_NEGATIVE of RFC 9496, section 4.1. */
  isNegative(a: Linear): Mask {
    return this.#maskOfCanonical(a, (word) => i64.sub(i64.const(0n), i64.and(word(0), i64.const(1n))));
  }

  /** The lanes whose value is zero. */
  isZero(a: Linear): Mask {
    return this.#maskOfCanonical(a, (word) =>
      maskIfZero(i64.or(i64.or(word(0), word(1)), i64.or(word(2), word(3)))),
    );
  }

  /** The lanes where both values are the same. */
  isEqual(a: Linear, b: Linear): Mask {
    return this.isZero({ kind: 'subtract', a, b, bound: a.bound + b.bound });
  }

  /** Reads 32 bytes of each lane, `stride` bytes apart, without their top bit; the value may exceed p − 1. */
  fromBytes(from: Place, stride: number): FieldElement {
    const to = this.scratch();
    for (let lane = 0; lane < this.lanes; lane++) {
      const word = (index: number): I64 => i64.load(offsetBy(from, stride * lane + 8 * index));
      const [w0, w1, w2, w3] = [word(0), word(1), word(2), word(3)].map((value) =>
        this.assembler.keep(value),
      );
      if (w0 === undefined || w1 === undefined || w2 === undefined || w3 === undefined)
        throw new RangeError();
      const digit = (low: I64, right: bigint, high: I64, left: bigint): I64 =>
        i64.and(
          i64.or(i64.shrU(low, i64.const(right)), i64.shl(high, i64.const(left))),
          i64.const(DIGIT_MASK),
        );
      const digits = [
        i64.and(w0, i64.const(DIGIT_MASK)),
        digit(w0, 51n, w1, 13n),
        digit(w1, 38n, w2, 26n),
        digit(w2, 25n, w3, 39n),
        i64.and(i64.shrU(w3, i64.const(12n)), i64.const(DIGIT_MASK)),
      ];
      digits.forEach((value, i) => {
        this.storeDigit(to, lane, i, value);
      });
    }
    const [element] = this.store([this.carry(this.element(to, this.digitBound))]);
    return element;
  }

  /** The lanes whose 32 bytes are the canonical encoding of `a`, which was read from them. */
  isCanonical(a: FieldElement, from: Place): Mask {
    const canonical = staticPlace(this.#canonicalPlace ?? 0);
    this.toBytes(canonical, a);
    const lanes = Array.from({ length: this.lanes }, (_, lane) => {
      const differences = [0, 1, 2, 3].map((index) => {
        const at = 32 * lane + 8 * index;
        return i64.xor(i64.load(offsetBy(canonical, at)), i64.load(offsetBy(from, at)));
      });
      return this.assembler.keep(maskIfZero(differences.reduce((all, one) => i64.or(all, one))));
    });
    return this.packMask(lanes);
  }

  /**
   * The sum of all entries under their masks, of which one is set: reads every entry whole, whichever that is.
   * An entry is `count` elements, one after the other.
   */
  scan(to: Place, entries: readonly { readonly place: Place; readonly mask: Mask }[], count: number): void {
    for (let n = 0; n < count; n++) {
      for (let limb = 0; limb < this.limbs; limb++) {
        for (let vector = 0; vector < this.vectors; vector++) {
          const masked = entries.map(({ place, mask }) => {
            const value = this.loadLimb(offsetBy(place, n * this.bytes), limb, vector);
            return this.andLimb(value, mask[vector] ?? value);
          });
          const sum = masked.reduce((all, one) => this.orLimb(all, one));
          this.storeLimb(offsetBy(to, n * this.bytes), limb, vector, sum);
        }
      }
    }
  }

  /** Stores a mask as eight bytes a lane, all ones or all zeros. */
  storeMask(to: Place, mask: Mask): void {
    mask.forEach((value, vector) => {
      this.assembler.emit(this.maskStore(offsetBy(to, (8 * this.lanes * vector) / this.vectors), value));
    });
  }

  protected abstract maskStore(to: Place, value: Limb): ReturnType<typeof i64.store>;

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

/** All ones when every bit is zero, otherwise zero; without a branch. */
function maskIfZero(bits: I64): I64 {
  return i64.sub(i64.const(0n), i64.extendU(i64.eqz(bits)));
}
