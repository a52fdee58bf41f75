import { describe, expect, it } from 'vitest';
import { orderOf } from '../src/order.ts';

describe('an order', () => {
  it.each([
    ['A-012 345', '2024-06-01'],
    ['a012345', '06/01/2024'],
    [' A 012.345 ', 'June 1, 2024'],
  ])('is the same however it is written: %j of %j', (orderNumber, orderDate) => {
    expect(orderOf({ orderNumber, orderDate })).toEqual({ number: 'A012345', date: '2024-06-01' });
  });

  it('is another with another number, zeros included', () => {
    expect(orderOf({ orderNumber: 'A12345', orderDate: '2024-06-01' })?.number).toBe('A12345');
  });

  it.each([
    ['', '2024-06-01'],
    ['--', '2024-06-01'],
    ['A1', ''],
    ['A1', 'N/A'],
    ['A1', '2024-02-31'],
    ['A1', 'soon'],
  ])('is none without a number and a day: %j of %j', (orderNumber, orderDate) => {
    expect(orderOf({ orderNumber, orderDate })).toBeUndefined();
  });
});
