import {
  orderOf,
  readTable,
  RecordsError,
  type Order,
  type RegisteredName,
  type RequestRecord,
} from '@blindmatch/records';
import { CommandError } from '@blindmatch/terminal';

/** Why a record's order is not one that the registry bears out. */
type RegistryFault = 'order_missing' | 'order_unknown' | 'order_used_twice' | 'order_date_differs';

/** What the registry says of a record: what speaks against it, or the name under its order, where it has one. */
export type Registered =
  | { readonly fault: RegistryFault }
  | { readonly fault: undefined; readonly name: RegisteredName | undefined };

interface RegisteredOrder {
  readonly date: string;
  readonly line: number;
  /** The name of the person under the order, where the registry has one. */
  readonly name: RegisteredName | undefined;
  /** Whether a record of the request has named it already. */
  used: boolean;
}

const COLUMNS = {
  required: ['order_number', 'order_date'],
  optional: ['given_name', 'middle_name', 'surname'],
} as const;

/**
 * The orders that there are, by their numbers, and which of them the records of one request have named. It is held in
 * memory, so it is the registry that bounds it.
 */
export class OrderRegistry {
  readonly #orders = new Map<string, RegisteredOrder>();
  #unreadable = 0;

  /**
   * Reads the registry: a CSV file with the columns order_number and order_date, and if it has them given_name,
   * middle_name and surname. A row whose number or date can't be read bears out no record.
   *
   * @throws RecordsError; CommandError `registry_order_twice`
   */
  static async read(path: string): Promise<OrderRegistry> {
    const registry = new OrderRegistry();
    for await (const row of naming(path, readTable(path, COLUMNS))) {
      const name = {
        givenName: row.field('given_name'),
        middleName: row.field('middle_name'),
        surname: row.field('surname'),
      };
      const order = orderOf({ orderNumber: row.field('order_number'), orderDate: row.field('order_date') });
      if (order === undefined) registry.#unreadable++;
      else registry.#add(path, order, row.line, isEmpty(name) ? undefined : name);
    }
    return registry;
  }

  /** Orders that can be read. */
  get size(): number {
    return this.#orders.size;
  }

  /** Rows whose number or date can't be read. */
  get unreadable(): number {
    return this.#unreadable;
  }

  /** What there is under the order of the next record of a request. */
  find(record: RequestRecord): Registered {
    const order = orderOf(record);
    if (order === undefined) return { fault: 'order_missing' };
    const registered = this.#orders.get(order.number);
    if (registered === undefined) return { fault: 'order_unknown' };
    if (registered.used) return { fault: 'order_used_twice' };
    registered.used = true;
    if (registered.date !== order.date) return { fault: 'order_date_differs' };
    return { fault: undefined, name: registered.name };
  }

  #add(path: string, { number, date }: Order, line: number, name: RegisteredName | undefined): void {
    const earlier = this.#orders.get(number);
    if (earlier !== undefined) {
      throw new CommandError(
        'registry_order_twice',
        `Lines ${earlier.line} and ${line} of ${path} have the same order number, so it can't be told which one a record means; leave each order once.`,
      );
    }
    this.#orders.set(number, { date, line, name, used: false });
  }
}

/** The rows; a header that lacks a column is told without the column map, which a registry has not. */
async function* naming<Row>(path: string, rows: AsyncIterable<Row>): AsyncGenerator<Row, void, undefined> {
  try {
    yield* rows;
  } catch (error) {
    if (!(error instanceof RecordsError) || error.code !== 'column_missing') throw error;
    const columns = [...COLUMNS.required, ...COLUMNS.optional].join(', ');
    throw new RecordsError(
      'column_missing',
      `The header of ${path} lacks ${error.column ?? 'a column'}; a registry of orders has the columns ${columns}, by these names, of which the last three may be left out.`,
      error.line === undefined ? {} : { line: error.line },
    );
  }
}

function isEmpty({ givenName, middleName, surname }: RegisteredName): boolean {
  return `${givenName}${middleName}${surname}`.trim() === '';
}
