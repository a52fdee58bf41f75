import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ACCEPTED_MAX,
  ACCEPTED_PER_REQUESTER_MAX,
  Admission,
  WAITING_LOCAL_MAX,
  WAITING_MAX,
  WAITING_PER_ADDRESS_MAX,
  type AcceptedRequest,
  type Place,
} from '../src/admission.ts';

/** Takes `count` places for as many addresses as are needed. */
function fill(admission: Admission, count: number): Place[] {
  return Array.from({ length: count }, (_, at) =>
    admission.enter(`10.0.0.${Math.floor(at / WAITING_PER_ADDRESS_MAX)}`),
  );
}

function accept(place: Place, request: AcceptedRequest, end: () => void): void {
  expect(place.reserve(request)).toBe(true);
  place.accept(end);
}

/** Whether there is room, without keeping any. */
function hasRoomFor(place: Place, request: AcceptedRequest): boolean {
  const is = place.reserve(request);
  place.release();
  return is;
}

const nothing = (): void => undefined;
const ofA = { requestId: 'first', requester: 'A' };

describe('the places of a daemon', () => {
  it.each([
    ['one IPv4 address', '192.0.2.1', '192.0.2.1', true],
    ['the same in its IPv6 form', '192.0.2.1', '::ffff:192.0.2.1', true],
    ['one subnet of 64 bits', '2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
    ['its shortened forms', '2001:db8::1', '2001:db8:0:0:5::', true],
    ['a scoped address', 'fe80::1%eth0', 'fe80::2%eth1', true],
    ['another IPv4 address', '192.0.2.1', '192.0.2.2', false],
    ['another subnet', '2001:db8:1:2::1', '2001:db8:1:3::1', false],
  ])('count strangers of %s as they should', (_, first, second, together) => {
    const admission = new Admission();
    for (let count = 0; count < WAITING_PER_ADDRESS_MAX; count++) admission.enter(first);
    expect(admission.admits(first)).toBe(false);
    expect(admission.admits(second)).toBe(!together);
  });

  it.each(['127.0.0.1', '::ffff:127.0.0.1', '::1'])(
    'are more for this machine, where a proxy stands for everybody: %s',
    (address) => {
      const admission = new Admission();
      for (let count = 0; count < WAITING_LOCAL_MAX; count++) {
        expect(admission.admits(address)).toBe(true);
        admission.enter(address);
      }
      expect(admission.admits(address)).toBe(false);
      expect(admission.admits('192.0.2.1')).toBe(true);
    },
  );

  it('are free for others as soon as one is accepted or gone', () => {
    const admission = new Admission();
    const places = fill(admission, WAITING_MAX);
    expect(admission.admits('192.0.2.1')).toBe(false);
    accept(places[0]!, ofA, nothing);
    expect(admission.admits('192.0.2.1')).toBe(true);
    admission.enter('192.0.2.1');
    expect(admission.admits('192.0.2.1')).toBe(false);
    places[1]!.leave();
    places[1]!.leave();
    expect(admission.admits('192.0.2.1')).toBe(true);
  });

  it('are one for each accepted request: the latest connection ends the one before and has its place', () => {
    const admission = new Admission();
    const [first, second, third] = [1, 2, 3].map((host) => admission.enter(`192.0.2.${host}`));
    const ended: string[] = [];
    accept(first!, ofA, () => ended.push('first'));
    accept(second!, ofA, () => ended.push('second'));
    expect(ended).toEqual(['first']);
    first!.leave();
    accept(third!, ofA, () => ended.push('third'));
    expect(ended).toEqual(['first', 'second']);
  });

  it('are counted among strangers from the end of a connection until it is gone', () => {
    const admission = new Admission();
    const [first, second] = [admission.enter('192.0.2.1'), admission.enter('192.0.2.2')];
    accept(first, ofA, nothing);
    for (let count = 1; count < WAITING_PER_ADDRESS_MAX; count++) admission.enter('192.0.2.1');
    expect(admission.admits('192.0.2.1')).toBe(true);
    accept(second, ofA, nothing);
    expect(admission.admits('192.0.2.1')).toBe(false);
    first.leave();
    expect(admission.admits('192.0.2.1')).toBe(true);
  });

  it('are a part of all for one requester, and for each request that is being served already', () => {
    const admission = new Admission();
    const enter = (): Place => admission.enter('127.0.0.1');
    for (let count = 0; count < ACCEPTED_MAX; count++) {
      const requester = `requester ${Math.floor(count / ACCEPTED_PER_REQUESTER_MAX)}`;
      expect(hasRoomFor(enter(), { requestId: `${count}`, requester })).toBe(true);
      accept(enter(), { requestId: `${count}`, requester }, nothing);
      const isFull = (count + 1) % ACCEPTED_PER_REQUESTER_MAX === 0;
      expect(hasRoomFor(enter(), { requestId: 'next', requester })).toBe(!isFull);
      expect(hasRoomFor(enter(), { requestId: `${count}`, requester })).toBe(true);
    }
    expect(hasRoomFor(enter(), { requestId: 'next', requester: 'another' })).toBe(false);
  });

  it('are kept for requests while they are decided on', () => {
    const admission = new Admission();
    const places = Array.from({ length: ACCEPTED_PER_REQUESTER_MAX + 1 }, () => admission.enter('127.0.0.1'));
    const last = places.pop()!;
    places.forEach((place, at) => {
      expect(place.reserve({ requestId: `${at}`, requester: 'A' })).toBe(true);
    });
    expect(hasRoomFor(last, { requestId: 'next', requester: 'A' })).toBe(false);
    expect(hasRoomFor(last, { requestId: '0', requester: 'A' })).toBe(true);
    expect(hasRoomFor(last, { requestId: 'next', requester: 'B' })).toBe(true);
    places[0]!.release();
    places[1]!.leave();
    expect(last.reserve({ requestId: 'next', requester: 'A' })).toBe(true);
    expect(hasRoomFor(places[0]!, { requestId: '0', requester: 'A' })).toBe(true);
  });

  it('without room kept accept nobody, nor twice with what was kept once', () => {
    const admission = new Admission();
    const [first, second] = [admission.enter('192.0.2.1'), admission.enter('192.0.2.2')];
    const ended: string[] = [];
    first.accept(() => ended.push('first'));
    accept(second, ofA, () => ended.push('second'));
    first.reserve(ofA);
    first.release();
    first.accept(() => ended.push('first'));
    expect(ended).toEqual([]);
  });

  it('agree with a plain count over any sequence of comings and goings', () => {
    const step = fc.record({ act: fc.constantFrom('enter', 'accept', 'leave'), which: fc.nat(200) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const admission = new Admission();
        const places: { place: Place; address: string; state: string }[] = [];
        const count = (state: string, address?: string): number =>
          places.filter((one) => one.state === state && (address ?? one.address) === one.address).length;
        for (const { act, which } of steps) {
          const address = `10.0.0.${which % 3}`;
          const one = places[which % Math.max(1, places.length)];
          const admits = admission.admits(address);
          expect(admits).toBe(
            count('waiting') < WAITING_MAX && count('waiting', address) < WAITING_PER_ADDRESS_MAX,
          );
          if (act === 'enter' && admits) {
            places.push({ place: admission.enter(address), address, state: 'waiting' });
          } else if (act === 'accept' && one?.state === 'waiting') {
            const request = { requestId: `${which % 7}`, requester: `${which % 2}` };
            const before = places.find(({ state }) => state === `accepted ${request.requestId}`);
            if (before !== undefined) before.state = 'ended';
            accept(one.place, request, () => {
              expect(one.state).toBe('ended');
              one.state = 'waiting';
            });
            one.state = `accepted ${request.requestId}`;
          } else if (act === 'leave' && one !== undefined) {
            one.place.leave();
            one.state = 'gone';
          }
        }
      }),
    );
  });
});
