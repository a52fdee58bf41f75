import type { Place, Value } from './instructions.ts';

/** A choice of lanes: all bits of a lane's limbs are set, or none. One value for each vector of a limb. */
export type Mask = readonly Value<'i64' | 'v128'>[];

/**
 * A batch of field elements in the module's memory, one in each lane. `bound` is what no limb exceeds in
 * absolute value, in the field's own scale: the generator knows it for every element of every formula, and
 * refuses to write an operation that could overflow.
 */
export interface FieldElement {
  readonly kind: 'element';
  readonly place: Place;
  readonly bound: bigint;
}

/**
 * What is computed limb by limb: sums, differences, carries and choices of field elements, as an expression. It
 * costs nothing until `Field.store` writes it, several of them in one pass over their operands.
 */
export type Linear =
  | FieldElement
  | { readonly kind: 'add' | 'subtract'; readonly a: Linear; readonly b: Linear; readonly bound: bigint }
  | { readonly kind: 'carry'; readonly a: Linear; readonly rounded: Linear; readonly bound: bigint }
  /** What `carry` takes out of each limb. */
  | { readonly kind: 'round'; readonly a: Linear; readonly bound: bigint }
  | { readonly kind: 'negate'; readonly a: Linear; readonly bound: bigint }
  | { readonly kind: 'negateIf'; readonly mask: Mask; readonly a: Linear; readonly bound: bigint }
  | {
      readonly kind: 'select';
      readonly mask: Mask;
      readonly yes: Linear;
      readonly no: Linear;
      readonly bound: bigint;
    };

/** a + b. */
export function add(a: Linear, b: Linear): Linear {
  return { kind: 'add', a, b, bound: a.bound + b.bound };
}

/** a − b. */
export function subtract(a: Linear, b: Linear): Linear {
  return { kind: 'subtract', a, b, bound: a.bound + b.bound };
}

/** 2·a. */
export function twice(a: Linear): Linear {
  return add(a, a);
}

/** −a. */
export function negate(a: Linear): Linear {
  return { kind: 'negate', a, bound: a.bound };
}

/** −a in the lanes of the mask, a in the others. */
export function negateIf(mask: Mask, a: Linear): Linear {
  return { kind: 'negateIf', mask, a, bound: a.bound };
}

/** `yes` in the lanes of the mask, `no` in the others; both are read. */
export function select(mask: Mask, yes: Linear, no: Linear): Linear {
  return { kind: 'select', mask, yes, no, bound: yes.bound > no.bound ? yes.bound : no.bound };
}
