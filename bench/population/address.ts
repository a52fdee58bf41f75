/** What every address ends with. `zip` has five digits. */
interface Locality {
  readonly city: string;
  /** The two-letter code. */
  readonly state: string;
  readonly zip: string;
}

/** A part of a building, or of a piece of land. `designator` is a word of address-words.ts, or '' for a bare number. */
export interface Unit {
  readonly designator: string;
  readonly id: string;
}

/**
 * A house on a street, by parts. Directionals and suffixes may be in any standard form ("N", "North", "St", "Street"); '' for none. `number` holds
 * fractions, hyphens and grids as they are: "12 1/2", "44-15", "N64W23760".
 */
export interface StreetAddress extends Locality {
  readonly kind: 'street';
  readonly number: string;
  readonly before: string;
  readonly name: string;
  readonly suffix: string;
  readonly after: string;
  readonly unit: Unit | undefined;
  /** Puerto Rico: the urbanización, without that word; elsewhere ''. */
  readonly urbanization?: string;
}

/** A post office box, by its number. */
export interface BoxAddress extends Locality {
  readonly kind: 'box';
  readonly box: string;
}

/** A box on a rural ("RR") or highway contract ("HC") route. */
export interface RouteAddress extends Locality {
  readonly kind: 'route';
  readonly route: 'RR' | 'HC';
  readonly number: string;
  readonly box: string;
}

/** A box of an overseas military post office. */
export interface MilitaryAddress extends Locality {
  readonly kind: 'military';
  readonly service: 'PSC' | 'CMR' | 'UNIT';
  readonly number: string;
  readonly box: string;
}

export type Address = StreetAddress | BoxAddress | RouteAddress | MilitaryAddress;

/** The address as the columns of a file have it. */
export interface AddressFields {
  street: string;
  street2: string;
  city: string;
  state: string;
  postcode: string;
}
