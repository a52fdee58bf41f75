import type { Random } from './random.ts';
import type { RecordFields } from './record.ts';

/** What else a request holds besides the columns of a people file. */
export interface OrderFields {
  order_number: string;
  order_date: string;
}

type Fault = Partial<RecordFields & OrderFields>;

const streets = (...values: readonly string[]): Fault[] => values.map((street) => ({ street, street2: '' }));

/** Faults that no reader takes for data. */
const PLAIN_FAULTS: readonly Fault[] = [
  ...streets(
    'Failed to Provide',
    'Unknown Address',
    'N/A',
    'Homeless',
    'Sin dirección',
    'xxxx',
    '',
    'Main Street',
    'PO Box',
  ),
  { given_name: 'FNU', middle_name: '' },
  { given_name: '', middle_name: '' },
  { surname: 'Unknown' },
  { city: '', postcode: '' },
  { postcode: '00000' },
  { state: 'ZZ' },
];

/** Faults after which a record names nobody at no place, or is no request. */
const FAULTS: readonly Fault[] = [
  ...PLAIN_FAULTS,
  // What the real programme took for addresses, and its like.
  ...streets(
    'Failed to Provide',
    'FAILED TO PROVIDE',
    'Unknown Address',
    'UNKNOWN',
    'Address Unknown',
    'N/A',
    'None',
    'None given',
    'Not provided',
    'Not Available',
    'Refused',
    'Refused to provide',
    'No fixed address',
  ),
  ...streets(
    'Homeless',
    'Transient',
    'To be determined',
    'TBD',
    'xxxx',
    'XXXXXXXX',
    '???',
    '-',
    '.',
    'same as above',
    'Same',
    'Do not know',
    "Doesn't remember",
    'General Delivery',
    'In custody',
    'Detained',
  ),
  // The same in Spanish.
  ...streets(
    'Desconocido',
    'Dirección desconocida',
    'DIRECCION DESCONOCIDA',
    'Sin dirección',
    'Sin domicilio',
    'Sin domicilio fijo',
    'No sabe',
    'No tiene',
    'No proporcionó',
    'Se desconoce',
    'Ninguna',
    'No aplica',
    'Domicilio conocido',
    'Sin hogar',
  ),
  // Parts of an address that are none.
  ...streets(
    '',
    'Main Street',
    'PO Box',
    'P.O. Box',
    'Apt 4',
    '1234',
    '00000 Unknown St',
    '0 Main St',
    'RR',
    'Calle',
    'Los Angeles',
    'near the church',
    'cerca de la iglesia',
  ),
  { city: '', state: '', postcode: '' },
  { city: '', postcode: '' },
  { state: 'ZZ', postcode: '00000' },
  { state: 'XX', postcode: '' },
  { city: 'Unknown', state: '', postcode: '' },
  { city: 'Anytown', state: 'ZZ', postcode: '00000' },
  { given_name: '', middle_name: '' },
  { surname: '' },
  { given_name: 'FNU', middle_name: '' },
  { surname: 'LNU' },
  { given_name: 'FNU', middle_name: '', surname: 'LNU' },
  { given_name: 'Unknown', middle_name: '', surname: 'Unknown' },
  { given_name: 'Desconocido', middle_name: '', surname: 'Desconocido' },
  { given_name: 'X', middle_name: '', surname: 'X' },
  { given_name: 'Test', middle_name: '', surname: 'Test' },
  { given_name: 'No name', middle_name: '', surname: 'given' },
  { given_name: 'N/A', middle_name: '', surname: 'N/A' },
  { given_name: 'Sin nombre', middle_name: '', surname: 'Sin apellido' },
  { surname: '---' },
  { given_name: '12345', middle_name: '' },
  { date_of_birth: '1985-02-31' },
  { date_of_birth: '1979-13-04' },
  { date_of_birth: '2150-05-05' },
  { order_number: '' },
  { order_number: '-' },
  { order_date: '' },
  { order_date: '0000-00-00' },
  { order_date: '2024-02-31' },
  { order_date: '2149-06-01' },
];

/** Makes a record unusable: by a placeholder, a missing part or an impossible value; with `plainOnly`, by one of the plainest. */
export function makeUnusable(
  random: Random,
  record: RecordFields & OrderFields,
  plainOnly: boolean,
): RecordFields & OrderFields {
  return { ...record, ...random.pick(plainOnly ? PLAIN_FAULTS : FAULTS) };
}
