import { forEachBlock } from './batches.ts';
import { addressOf, placeAt, staticPlace } from './assembler.ts';
import { i32, i64, memoryCopy, type I32, type Place } from './instructions.ts';
import { negateIf, select } from './linear.ts';
import type { PointArithmetic } from './points.ts';

const DIGIT_BYTES = 2;

/**
 * Adds Pippenger's method for a sum of multiples, for public scalars: branches and addresses depend on them.
 * (N. Pippenger, "On the evaluation of powers and related problems", FOCS 1976.) Each lane has windows of its own,
 * and buckets for each of them: lane l of group g has window lanes·g + l. A window's digits are signed; bucket j
 * collects the points whose digit is j or, negated, −j; bucket 0 collects what is not used.
 *
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
  const point = points.affine(reservePoint());
  const operand = points.affine(reservePoint());
  const bucket = points.extended(reservePoint());

  /** Adds the point of one lane of `affineBlock` to a bucket of each of its windows. */
  const addLane = assembler.routine(undefined, 5, (lane, digits, buckets, windowBytes, groups) => {
    field.broadcast(point.place, lane, 3);
    const window = assembler.local('i32');
    window.set(buckets);
    forEachBlock(
      assembler,
      groups,
      [{ from: digits, step: DIGIT_BYTES * field.lanes }],
      (...[digitPlace]) => {
        if (digitPlace === undefined) throw new RangeError('one pointer walks');
        const signs: I32[] = [];
        const addresses: I32[] = [];
        for (let l = 0; l < field.lanes; l++) {
          const digit = assembler.keep(i32.load16S({ base: digitPlace.base, offset: DIGIT_BYTES * l }));
          const sign = assembler.keep(i32.shrS(digit, i32.const(31)));
          const magnitude = i32.sub(i32.xor(digit, sign), sign);
          signs.push(sign);
          addresses.push(assembler.keep(i32.add(window.value, i32.mul(magnitude, i32.const(bucketBytes)))));
          window.set(i32.add(window.value, windowBytes));
        }
        const isNegative = field.packMask(signs.map((sign) => i64.extendS(sign)));
        field.store(
          [
            select(isNegative, point.yPlusX, point.yMinusX),
            select(isNegative, point.yMinusX, point.yPlusX),
            negateIf(isNegative, point.xyd2),
          ],
          [operand.yMinusX.place, operand.yPlusX.place, operand.xyd2.place],
        );
        field.gather(bucket.place, addresses, 4);
        points.addAffine(bucket, bucket, operand);
        field.scatter(addresses, bucket.place, 4);
      },
    );
  });

  assembler.routine('addToBuckets', 6, (batch, digits, buckets, windowBytes, groups, blocks) => {
    const digit = assembler.local('i32');
    digit.set(digits);
    const digitBytes = assembler.keep(i32.mul(groups, i32.const(DIGIT_BYTES * field.lanes)));
    forEachBlock(assembler, blocks, [{ from: batch, step: points.bytes }], (...[place]) => {
      if (place === undefined) throw new RangeError('one pointer walks');
      points.storeAffine(affineBlock, points.extended(place));
      for (let l = 0; l < field.lanes; l++) {
        const lane = field.laneAddress(affineBlock.place, l);
        assembler.call(addLane, lane, digit.value, buckets, windowBytes, groups);
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
      points.add(running, running, cached, 'with T');
      points.cache(cached, running);
      points.add(sum, sum, cached, 'with T');
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
      points.add(sum, sum, cached, 'with T');
    }
  });
}
