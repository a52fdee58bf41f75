import type { RejectionCode } from '../rejection.ts';
import { foldWords } from './fold.ts';
import { ORDER_NUMBER_PLACEHOLDERS } from './order-number-placeholders.ts';

/** What can be wrong with the number of an order. */
export type OrderNumberRejectionCode = Extract<RejectionCode, `order_number_${string}`>;

const placeholders = new Set(ORDER_NUMBER_PLACEHOLDERS);

// Zeros alone, also behind a letter, or the letter X alone are no number.
const NO_NUMBER = /^(?:[A-Z]?0+|X+)$/;

/** What is wrong with the number of an order, which may be of any form; `undefined` where nothing is. */
export function orderNumberFault(text: string): OrderNumberRejectionCode | undefined {
  const words = foldWords(text);
  if (words.length === 0) return 'order_number_missing';
  const isPlaceholder = placeholders.has(words.join(' ')) || NO_NUMBER.test(words.join(''));
  return isPlaceholder ? 'order_number_placeholder' : undefined;
}
