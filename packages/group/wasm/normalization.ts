import { forEachBlock } from './batches.ts';
import type { Routine } from './assembler.ts';
import type { FieldPowers } from './field-powers.ts';
import type { PointArithmetic } from './points.ts';
import { i32 } from './instructions.ts';

/**
 * Adds normalize(points, products, blocks): brings Z to 1 in place, with one inversion for each lane of the
 * batch (Montgomery's trick). `products` is working memory, `productBytes` a block. No point has Z = 0: the group
 * law is complete.
 */
export function addNormalization(points: PointArithmetic, powers: FieldPowers): Routine {
  const { field } = points;
  const { assembler } = field;
  const one = field.constant(1n);
  const product = field.element(field.scratch(), field.productBound);
  const productBytes = field.bytes;
  assembler.exportNumber('normalizeProductBytes', productBytes);
  return assembler.routine('normalize', 3, (batch, products, blocks) => {
    const last = (start: typeof batch, step: number) =>
      i32.add(start, i32.mul(i32.sub(blocks, i32.const(1)), i32.const(step)));
    field.store([one], [product.place]);
    const up = [
      { from: batch, step: points.bytes },
      { from: products, step: productBytes },
    ];
    forEachBlock(assembler, blocks, up, (...[point, before]) => {
      if (point === undefined || before === undefined) throw new RangeError('two pointers walk');
      field.store([product], [before]);
      field.multiply(product, points.extended(point).z, product.place);
    });
    powers.invert(product, product.place);
    const down = [
      { from: last(batch, points.bytes), step: -points.bytes },
      { from: last(products, productBytes), step: -productBytes },
    ];
    forEachBlock(assembler, blocks, down, (...[point, place]) => {
      if (point === undefined || place === undefined) throw new RangeError('two pointers walk');
      const { x, y, z, t } = points.extended(point);
      const inverse = field.multiply(product, field.element(place, field.productBound));
      field.multiply(product, z, product.place);
      field.multiply(x, inverse, x.place);
      field.multiply(y, inverse, y.place);
      field.multiply(x, y, t.place);
      points.storeCoordinates([z], [one]);
    });
  });
}
