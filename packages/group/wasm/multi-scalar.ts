import { forEachBlock } from './batches.ts';
import { addressOf, offsetBy, placeAt, staticPlace } from './assembler.ts';
import { i32, memoryCopy, type I32, type Place } from './instructions.ts';
import { negate } from './linear.ts';
import type { PointArithmetic } from './points.ts';

const DIGIT_BYTES = 2;

/**
 * Adds Pippenger's method for a sum of multiples, for public scalars: branches and addresses depend on them.
 * (N. Pippenger, "On the evaluation of powers and related problems", FOCS 1976.) Each lane has windows of its own,
 * and buckets for each of them: lane l of group g has window lanes·g + l. A window's digits are signed; bucket j
 * collects the points whose digit is j or, negated, −j; bucket 0 collects what is not used.
 *
 * - recodeWindows(to, scalars, bits, windows, slots, count): the 16-bit digits of 32-byte scalars, `slots` for each,
 *   the lowest window first, four or eight bits each: from −2^(bits−1) to 2^(bits−1) − 1, but for the highest
 *   window, which takes its carry and stays positive, up to 2^bits. Slots beyond the windows are left as they are;
 * - clearBuckets(buckets, count): `bucketBytes` each, the identity;
 * - addToBuckets(points, digits, buckets, windowBytes, groups, blocks): points with Z = 1; for each of them 16-bit
 *   digits of all windows, in order; the buckets of a window take `windowBytes`;
 * - sumBuckets(to, buckets, windowBytes, count): Σ j·bucket_j for 1 ≤ j ≤ count, of the window of each lane;
 * - doubleTimes(point, count): doubled in place;
 * - combineLanes(to, from, bits): Σ 2^(bits·l)·lane l of `from`, in all lanes.
 */
export function addMultiScalar(points: PointArithmetic): void {
  const { field } = points;
  const { assembler } = field;
  const bucketBytes = 4 * field.laneBytes;
  assembler.exportNumber('bucketBytes', bucketBytes);
  const reservePoint = (): Place => staticPlace(assembler.reserve(points.bytes));

  assembler.routine('recodeWindows', 6, (to, scalars, bits, windows, slots, count) => {
    const mask = assembler.keep(i32.sub(i32.shl(i32.const(1), bits), i32.const(1)));
    const half = assembler.keep(i32.shl(i32.const(1), i32.sub(bits, i32.const(1))));
    const [carry, bit] = [assembler.local('i32'), assembler.local('i32')];
    const digitsBytes = assembler.keep(i32.mul(slots, i32.const(DIGIT_BYTES)));
    forEachBlock(
      assembler,
      count,
      [
        { from: to, step: digitsBytes },
        { from: scalars, step: i32.const(32) },
      ],
      (...places) => {
        const [digits, scalar] = places.map(addressOf);
        if (digits === undefined || scalar === undefined) throw new RangeError('two pointers walk');
        carry.set(i32.const(0));
        bit.set(i32.const(0));
        forEachBlock(assembler, windows, [{ from: digits, step: DIGIT_BYTES }], (...[place]) => {
          if (place === undefined) throw new RangeError('one pointer walks');
          const byte = i32.load8U(placeAt(i32.add(scalar, i32.shrU(bit.value, i32.const(3)))));
          const unsigned = i32.and(i32.shrU(byte, i32.and(bit.value, i32.const(7))), mask);
          const digit = assembler.keep(i32.add(unsigned, carry.value));
          carry.set(i32.shrU(i32.add(digit, half), bits));
          assembler.emit(i32.store16(place, i32.sub(digit, i32.shl(carry.value, bits))));
          bit.set(i32.add(bit.value, bits));
        });
        const highest = placeAt(
          i32.add(digits, i32.mul(i32.sub(windows, i32.const(1)), i32.const(DIGIT_BYTES))),
        );
        assembler.emit(i32.store16(highest, i32.add(i32.load16S(highest), i32.shl(carry.value, bits))));
      },
    );
  });

  const identity = points.extended(reservePoint());
  const identityLane = staticPlace(assembler.reserve(bucketBytes));
  assembler.routine('clearBuckets', 2, (buckets, count) => {
    points.storeIdentity(identity);
    // Every lane writes the same.
    field.scatter(Array<I32>(field.lanes).fill(addressOf(identityLane)), identity.place, 4);
    forEachBlock(assembler, count, [{ from: buckets, step: bucketBytes }], (...[bucket]) => {
      if (bucket === undefined) throw new RangeError('one pointer walks');
      assembler.emit(memoryCopy(addressOf(bucket), addressOf(identityLane), i32.const(bucketBytes)));
    });
  });

  const affineBlock = points.affine(reservePoint());
  const affineBytes = 3 * field.laneBytes;
  /** The points of a block one by one, each followed by its negative. */
  const singles = staticPlace(assembler.reserve(2 * affineBytes * field.lanes));
  const operand = points.affine(reservePoint());
  const bucket = points.extended(reservePoint());

  /** Fills `singles` from a block of points with Z = 1. */
  const separate = assembler.routine(undefined, 1, (from) => {
    points.storeAffine(affineBlock, points.extended(placeAt(from)));
    const to = Array.from({ length: field.lanes }, (_, l) =>
      addressOf(offsetBy(singles, 2 * affineBytes * l)),
    );
    field.scatter(to, affineBlock.place, 3);
    // −(x, y) = (−x, y).
    const { yMinusX, yPlusX, xyd2 } = affineBlock;
    field.store([yPlusX, yMinusX, negate(xyd2)], [yMinusX.place, yPlusX.place, xyd2.place]);
    const toNegatives = to.map((address) => i32.add(address, i32.const(affineBytes)));
    field.scatter(toNegatives, affineBlock.place, 3);
  });

  /** Adds one of `singles` to a bucket of each of its windows. */
  const addSingle = assembler.routine(undefined, 5, (single, digits, buckets, windowBytes, groups) => {
    const window = assembler.local('i32');
    window.set(buckets);
    const walks = [{ from: digits, step: DIGIT_BYTES * field.lanes }];
    forEachBlock(assembler, groups, walks, (...[digitPlace]) => {
      if (digitPlace === undefined) throw new RangeError('one pointer walks');
      const operands: I32[] = [];
      const addresses: I32[] = [];
      for (let l = 0; l < field.lanes; l++) {
        const digit = assembler.keep(i32.load16S({ base: digitPlace.base, offset: DIGIT_BYTES * l }));
        const sign = assembler.keep(i32.shrS(digit, i32.const(31)));
        const magnitude = i32.sub(i32.xor(digit, sign), sign);
        operands.push(assembler.keep(i32.add(single, i32.and(sign, i32.const(affineBytes)))));
        addresses.push(assembler.keep(i32.add(window.value, i32.mul(magnitude, i32.const(bucketBytes)))));
        window.set(i32.add(window.value, windowBytes));
      }
      field.gather(operand.place, operands, 3);
      field.gather(bucket.place, addresses, 4);
      points.addAffine(bucket, bucket, operand, 'with T');
      field.scatter(addresses, bucket.place, 4);
    });
  });

  assembler.routine('addToBuckets', 6, (batch, digits, buckets, windowBytes, groups, blocks) => {
    const digit = assembler.local('i32');
    digit.set(digits);
    const digitBytes = assembler.keep(i32.mul(groups, i32.const(DIGIT_BYTES * field.lanes)));
    forEachBlock(assembler, blocks, [{ from: batch, step: points.bytes }], (...[place]) => {
      if (place === undefined) throw new RangeError('one pointer walks');
      assembler.call(separate, addressOf(place));
      for (let l = 0; l < field.lanes; l++) {
        const single = addressOf(offsetBy(singles, 2 * affineBytes * l));
        assembler.call(addSingle, single, digit.value, buckets, windowBytes, groups);
        digit.set(i32.add(digit.value, digitBytes));
      }
    });
  });

  const running = points.extended(reservePoint());
  const cached = points.cached(reservePoint());
  assembler.routine('sumBuckets', 4, (to, buckets, windowBytes, count) => {
    const sum = points.extended(placeAt(to));
    points.storeIdentity(running);
    points.storeIdentity(sum);
    const last = i32.add(buckets, i32.mul(count, i32.const(bucketBytes)));
    // From the highest bucket down: the running sum is added once for each step that is left.
    forEachBlock(assembler, count, [{ from: last, step: -bucketBytes }], (...[place]) => {
      if (place === undefined) throw new RangeError('one pointer walks');
      const addresses = [addressOf(place)];
      for (let l = 1; l < field.lanes; l++) {
        const below = addresses[l - 1] ?? addressOf(place);
        addresses.push(assembler.keep(i32.add(below, windowBytes)));
      }
      field.gather(bucket.place, addresses, 4);
      points.cache(cached, bucket);
      points.add(running, running, cached);
      points.cache(cached, running);
      points.add(sum, sum, cached);
    });
  });

  const doubleTimes = assembler.routine('doubleTimes', 2, (place, count) => {
    const doubled = points.extended(placeAt(place));
    assembler.repeat(count, () => {
      points.double(doubled, doubled, 'with T');
    });
  });

  const single = points.extended(reservePoint());
  assembler.routine('combineLanes', 3, (to, from, bits) => {
    const sum = points.extended(placeAt(to));
    points.storeIdentity(sum);
    for (let l = field.lanes - 1; l >= 0; l--) {
      assembler.call(doubleTimes, to, bits);
      field.broadcast(single.place, field.laneAddress(placeAt(from), l), 4);
      points.cache(cached, single);
      points.add(sum, sum, cached);
    }
  });
}
