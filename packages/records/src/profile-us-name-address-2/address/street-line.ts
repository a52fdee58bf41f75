/** How mail reaches an address: a house on a street, a post office box, a rural or highway contract route, or military mail. */
export type AddressKind = 'house' | 'box' | 'route' | 'military';

/** What the two street lines of a record say, in canonical form. */
export interface StreetLine {
  readonly kind: AddressKind;
  /** House number with its fraction; box number; route and box. */
  readonly number: string;
  /** The whole line: "12 N MAIN ST", "POBOX 12", "RR 2 BOX 30". */
  readonly street: string;
  /** `street` without what is often left out, dropped or wrong. For boxes and routes the same. */
  readonly core: string;
  /** The urbanization, barrio or sector, where there is one. */
  readonly neighbourhood?: string;
  /** '' where none. */
  readonly unit: string;
}
