import type { PersonRecord, PersonRules, RejectionCode } from '@blindmatch/records';
import { understandPerson } from '@blindmatch/records';
import { fingerprint } from './fingerprint.ts';
import { GrowingColumn } from './growing-column.ts';
import { houseOf, type House } from './house.ts';
import { KeyIndex, type Entry } from './key-index.ts';

const NOBODY: House = { number: 0, zip: 0, town: 0 };

/** How often something was seen, by its name. */
export type Counts = Readonly<Record<string, number>>;

/** What the holder's file cost and lost, key by key in the order of the profile. */
export interface FileFigures {
  readonly rows: number;
  readonly people: number;
  readonly rejected: Counts;
  /** Tokens that the keys of all people give, before equal ones are made one. */
  readonly tokens: readonly number[];
  /** Values of the key that are left out, because two people have them. */
  readonly ambiguous: readonly number[];
}

/**
 * The holder's file by its match keys, as the build of a token set makes it, with the keys in plain text: a value that two
 * identities have is left out (`Profile.identity`).
 */
export class PeopleOnFile {
  readonly rules: PersonRules;
  readonly #index = new KeyIndex();
  readonly #identities = new GrowingColumn((length) => new Float64Array(length));
  readonly #numbers = new GrowingColumn((length) => new Uint32Array(length));
  readonly #zips = new GrowingColumn((length) => new Uint32Array(length));
  readonly #towns = new GrowingColumn((length) => new Uint32Array(length));
  readonly #rejected: Record<string, number> = {};
  readonly #tokens: number[];
  readonly #ambiguous: number[];
  readonly #leftOut = new Set<number>();
  #people = 0;

  constructor(rules: PersonRules) {
    this.rules = rules;
    this.#tokens = rules.profile.keys.map(() => 0);
    this.#ambiguous = rules.profile.keys.map(() => 0);
  }

  /**
   * Read a whole file.
   * @throws RecordsError
   */
  static async read(records: AsyncIterable<PersonRecord>, rules: PersonRules): Promise<PeopleOnFile> {
    const people = new PeopleOnFile(rules);
    for await (const record of records) people.#add(record);
    people.#seal();
    return people;
  }

  #add(record: PersonRecord): void {
    const understood = understandPerson(record, this.rules);
    if (understood.kind === 'rejected') {
      this.#reject(understood.code);
      return;
    }
    const row = this.#keepRow(fingerprint(understood.identity), houseOf(understood.fields));
    this.#people++;
    for (const { name, tier, value } of understood.keys) {
      const key = placeOfKey(this.rules, name, tier);
      this.#tokens[key] = (this.#tokens[key] ?? 0) + 1;
      this.#index.add({ value: fingerprint(value), row, key });
    }
  }

  #reject(code: RejectionCode): void {
    this.#rejected[code] = (this.#rejected[code] ?? 0) + 1;
    this.#keepRow(-1, NOBODY);
  }

  /** @returns the 1-based row, as in a truth file */
  #keepRow(identity: number, { number, zip, town }: House): number {
    this.#identities.push(identity);
    this.#numbers.push(number);
    this.#zips.push(zip);
    this.#towns.push(town);
    return this.#identities.length;
  }

  #seal(): void {
    this.#index.seal();
    for (const entries of this.#index.shared()) {
      const [first] = entries;
      if (first === undefined || entries.every(({ row }) => this.identity(row) === this.identity(first.row)))
        continue;
      this.#leftOut.add(first.value);
      this.#ambiguous[first.key] = (this.#ambiguous[first.key] ?? 0) + 1;
    }
  }

  get rows(): number {
    return this.#identities.length;
  }

  get figures(): FileFigures {
    return {
      rows: this.rows,
      people: this.#people,
      rejected: this.#rejected,
      tokens: this.#tokens,
      ambiguous: this.#ambiguous,
    };
  }

  isAccepted(row: number): boolean {
    return this.#identities.at(row - 1) !== -1;
  }

  /** A fingerprint of the identity of the person in the row. */
  identity(row: number): number {
    return this.#identities.at(row - 1);
  }

  house(row: number): House {
    return { number: this.#numbers.at(row - 1), zip: this.#zips.at(row - 1), town: this.#towns.at(row - 1) };
  }

  /** The rows that a match on the value of a key would confirm: none where it belongs to two people. */
  confirmedBy(value: string): readonly Entry[] {
    const print = fingerprint(value);
    return this.#leftOut.has(print) ? [] : this.#index.entriesOf(print);
  }

  /** The rows with each value of a key that several have, those left out of the token set among them. */
  shared(): Iterable<readonly Entry[]> {
    return this.#index.shared();
  }
}

/**
 * The place of a key among the keys of the profile.
 * @throws Error for a key that the profile does not list
 */
export function placeOfKey({ profile }: PersonRules, name: string, tier: string): number {
  const place = profile.keys.findIndex((key) => key.name === name && key.tier === tier);
  if (place < 0) throw new Error(`The profile gave a key ${name} of tier ${tier}, which it does not list.`);
  return place;
}
