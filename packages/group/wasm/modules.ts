import { Assembler, CONSTANTS_END, placeAt } from './assembler.ts';
import { addDecode } from './decoding.ts';
import { addDerive } from './derivation.ts';
import { addEncodeDouble } from './double-encoding.ts';
import { addEncode } from './encoding.ts';
import { FmaField } from './field-fma.ts';
import { IntField } from './field-int.ts';
import { addFieldPowers } from './field-powers.ts';
import { addFixedBase } from './fixed-base.ts';
import { addMultiplication, DIGITS } from './multiplication.ts';
import { addMultiScalar } from './multi-scalar.ts';
import { addNormalization } from './normalization.ts';
import { PointArithmetic } from './points.ts';
import { ELEMENT_BYTES, UNIFORM_BYTES } from './ristretto-constants.ts';
import { addScalars } from './scalars.ts';
import { addSha512 } from './sha512.ts';
import { addSums } from './sums.ts';

/** Elements that the host may pass in one call. */
const BATCH_ELEMENTS = 256;
/** Bases whose tables are kept: the generator, and the public key of an epoch. */
const FIXED_TABLES = 2;
/** Digits of a scalar in a multi-scalar multiplication: 64 windows of 4 bits are the most. */
const WINDOWS = 64;
/** Room for the buckets of 32 windows of 8 bits, with bucket 0 of each; narrower windows take less. */
const BUCKETS = 32 * 257;

/** The module over doubles, for processors with a fused multiply-add, or over integers, for all others. */
export type Variant = 'fma' | 'int';

/** The bytes of a module; always the same for the same source. */
export function assembleModule(variant: Variant): Uint8Array<ArrayBuffer> {
  const assembler = new Assembler();
  const field = variant === 'fma' ? new FmaField(assembler) : new IntField(assembler);
  const points = new PointArithmetic(field);
  const powers = addFieldPowers(field);
  addDecode(points, powers);
  addDerive(points, powers);
  addEncode(points, powers);
  addEncodeDouble(points, powers);
  addSums(points);
  const normalize = addNormalization(points, powers);
  addMultiplication(points, normalize);
  addFixedBase(points, normalize);
  addMultiScalar(points);
  assembler.routine('probeFusion', 2, (to, times) => {
    field.probeFusion(placeAt(to), times);
  });
  const scratchEnd = assembler.reserve(0);
  addScalars(assembler);
  addSha512(assembler);

  for (const [name, value] of Object.entries({
    lanes: field.lanes,
    pointBytes: points.bytes,
    batchElements: BATCH_ELEMENTS,
    scratch: CONSTANTS_END,
    scratchEnd,
  })) {
    assembler.exportNumber(name, value);
  }
  // Areas that the host writes, reads and wipes.
  const blocks = BATCH_ELEMENTS / field.lanes;
  const area = (name: string, bytes: number): void => {
    assembler.exportNumber(name, assembler.reserve(bytes));
  };
  area('input', BATCH_ELEMENTS * UNIFORM_BYTES);
  area('output', BATCH_ELEMENTS * ELEMENT_BYTES);
  area('roots', BATCH_ELEMENTS * ELEMENT_BYTES);
  area('flags', BATCH_ELEMENTS * 8);
  area('digits', DIGITS * 4);
  area('pointsA', blocks * points.bytes);
  area('pointsB', blocks * points.bytes);
  area('states', blocks * assembler.number('encodeDoubleStateBytes'));
  area('multiples', blocks * assembler.number('multiplyWorkBytes'));
  // Public: what multi-scalar multiplication counts in, and the tables of fixed bases.
  area('windowDigits', BATCH_ELEMENTS * WINDOWS * 2);
  // The buckets' memory serves as well when a table is made.
  area('buckets', Math.max(BUCKETS * assembler.number('bucketBytes'), assembler.number('fixedWorkBytes')));
  area('fixedTables', FIXED_TABLES * assembler.number('fixedTableBytes'));
  return assembler.assemble();
}
