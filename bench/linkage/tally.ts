import type { Counts } from './people-on-file.ts';
import { REQUEST_CLASSES, type RequestClass } from './truth.ts';

/** One way in which a request was confirmed. */
export interface Hit {
  /** The place of the key among those of the profile. */
  readonly key: number;
  /** The row is that of the person who was asked about. */
  readonly isOwn: boolean;
  /** The row can be of the same house (house.ts): what does not grow with the number of people on file. */
  readonly isSameHouse: boolean;
}

/** What became of one request. */
export interface Outcome {
  readonly requestClass: RequestClass;
  /** Why it was refused; undefined where it was asked. */
  readonly rejection: string | undefined;
  /** The key of each element that was submitted. */
  readonly elements: readonly number[];
  readonly hits: readonly Hit[];
}

/** What became of the requests of one class. */
export interface ClassFigures {
  readonly requests: number;
  readonly rejected: number;
  readonly rejections: Counts;
  /** By any row at all. */
  readonly confirmed: number;
  /** By the person's own row. */
  readonly confirmedByOwn: number;
  /** By others' rows only. */
  readonly confirmedByOthers: number;
  /** Of them, by a row that can be of the same house. */
  readonly inTheHouse: number;
}

/** What one key did. */
export interface KeyFigures {
  /** Elements that it gave, over all classes. */
  readonly elements: number;
  /** `same` confirmed by their own row through this key. */
  readonly own: number;
  /** Those of them that no key before it in the profile confirms. */
  readonly added: number;
  /** Those of them that no other key confirms: what would be lost without it. */
  readonly onlyOwn: number;
  /** `same` that it confirms by another's row. */
  readonly wrongSame: number;
  readonly wrongAbsent: number;
  /** Those of them that no other key confirms. */
  readonly onlyWrongAbsent: number;
  readonly wrongMoved: number;
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** Adds up what became of the requests of one group. */
export class Tally {
  readonly #classes: Record<RequestClass, Mutable<ClassFigures> & { rejections: Record<string, number> }>;
  readonly #keys: Mutable<KeyFigures>[];
  #asked = 0;
  #elements = 0;

  /** @param keys how many the profile has */
  constructor(keys: number) {
    const none = (): Mutable<ClassFigures> & { rejections: Record<string, number> } => ({
      requests: 0,
      rejected: 0,
      rejections: {},
      confirmed: 0,
      confirmedByOwn: 0,
      confirmedByOthers: 0,
      inTheHouse: 0,
    });
    this.#classes = { same: none(), moved: none(), absent: none(), incomplete: none() };
    this.#keys = Array.from({ length: keys }, () => ({
      elements: 0,
      own: 0,
      added: 0,
      onlyOwn: 0,
      wrongSame: 0,
      wrongAbsent: 0,
      onlyWrongAbsent: 0,
      wrongMoved: 0,
    }));
  }

  get classes(): Readonly<Record<RequestClass, ClassFigures>> {
    return this.#classes;
  }

  /** In the order of the profile. */
  get keys(): readonly KeyFigures[] {
    return this.#keys;
  }

  /** Records that were not rejected. */
  get asked(): number {
    return this.#asked;
  }

  get elements(): number {
    return this.#elements;
  }

  get requests(): number {
    return REQUEST_CLASSES.reduce((sum, name) => sum + this.#classes[name].requests, 0);
  }

  add(outcome: Outcome): void {
    const { requestClass, rejection, elements, hits } = outcome;
    const figures = this.#classes[requestClass];
    figures.requests++;
    if (rejection !== undefined) {
      figures.rejected++;
      figures.rejections[rejection] = (figures.rejections[rejection] ?? 0) + 1;
      return;
    }
    this.#asked++;
    this.#elements += elements.length;
    for (const key of elements) this.#key(key).elements++;
    if (hits.length === 0) return;
    figures.confirmed++;
    // On the holder's side nobody of that address is the one who has moved: whoever confirms it is another, or wrong.
    const isRight = requestClass === 'same' && hits.some(({ isOwn }) => isOwn);
    if (isRight) figures.confirmedByOwn++;
    else {
      figures.confirmedByOthers++;
      if (hits.some(({ isSameHouse }) => isSameHouse)) figures.inTheHouse++;
    }
    this.#addHits(requestClass, hits);
  }

  #addHits(requestClass: RequestClass, hits: readonly Hit[]): void {
    const own = keysOf(hits.filter(({ isOwn }) => isOwn));
    const all = keysOf(hits);
    if (requestClass === 'same') {
      own.forEach((key, place) => {
        this.#key(key).own++;
        if (place === 0) this.#key(key).added++;
        if (own.length === 1) this.#key(key).onlyOwn++;
      });
      for (const key of all) if (!own.includes(key)) this.#key(key).wrongSame++;
    }
    for (const key of all) {
      if (requestClass === 'absent') {
        this.#key(key).wrongAbsent++;
        if (all.length === 1) this.#key(key).onlyWrongAbsent++;
      }
      if (requestClass === 'moved') this.#key(key).wrongMoved++;
    }
  }

  #key(place: number): Mutable<KeyFigures> {
    const figures = this.#keys[place];
    if (figures === undefined) throw new RangeError(`The profile has no key ${place}.`);
    return figures;
  }
}

/** Each key once, in the order of the profile. */
function keysOf(hits: readonly Hit[]): number[] {
  return [...new Set(hits.map(({ key }) => key))].sort((a, b) => a - b);
}
