import { describe, expect, it } from 'vitest';
import { namesAgree, orderOf } from '../src/order.ts';
import { personWith } from './records.ts';

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

describe('two names', () => {
  const name = (givenName: string, surname: string, middleName = ''): ReturnType<typeof personWith> =>
    personWith({ givenName, surname, middleName });

  it.each([
    ['accents and case', name('María', 'LÓPEZ'), name('maria', 'Lopez')],
    ['a middle name that one side lacks', name('Maria', 'Lopez', 'Ines'), name('Maria', 'Lopez')],
    ['a nickname', name('Bill', 'Smith'), name('William', 'Smith')],
    ['a second surname that one side lacks', name('Maria', 'Lopez Garcia'), name('Maria', 'Lopez')],
  ])('agree but for %s', (_, one, other) => {
    expect([namesAgree(one, other), namesAgree(other, one)]).toEqual([true, true]);
  });

  it.each([
    ['the given name', name('Maria', 'Lopez'), name('Mario', 'Lopez')],
    ['the surname', name('Maria', 'Lopez'), name('Maria', 'Garcia')],
    ['that one is missing', name('Maria', 'Lopez'), name('', '')],
    ['that one is a placeholder', name('Unknown', 'Unknown'), name('Unknown', 'Unknown')],
  ])('do not agree for %s', (_, one, other) => {
    expect([namesAgree(one, other), namesAgree(other, one)]).toEqual([false, false]);
  });
});
