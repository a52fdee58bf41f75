import { describe, expect, it } from 'vitest';
import type { CanonicalAddress } from '../src/profile-us-name-address-2/address.ts';
import { canonicalAddress } from '../src/profile-us-name-address-2/address.ts';

/** An address in Springfield: "street|street2". */
function read(lines: string): CanonicalAddress | string {
  const [street = '', street2 = ''] = lines.split('|');
  return canonicalAddress({ street, street2, city: 'Springfield', state: 'IL', postcode: '62704' });
}

/** The street with its unit behind '#', or the code of the rejection. */
function shown(lines: string): string {
  const found = read(lines);
  return typeof found === 'string' ? found : found.street + (found.unit === '' ? '' : ` #${found.unit}`);
}

function coreOf(lines: string): string {
  const found = read(lines);
  return typeof found === 'string' ? found : found.core;
}

/** One behaviour of the street line: what is written, and how it is understood. */
function renderings(title: string, table: Readonly<Record<string, readonly string[]>>): void {
  describe(title, () => {
    it.each(
      Object.entries(table).flatMap(([canonical, all]) =>
        all.map((written) => [written, canonical] as const),
      ),
    )('%s is %s', (written, canonical) => {
      expect(shown(written)).toBe(canonical);
    });
  });
}

renderings('a post office box', {
  'POBOX 77': [
    'PO Box 77',
    'P.O. Box 77',
    'P O Box #77',
    'POBOX77',
    'POB 77',
    'P.O.B. #77',
    'Box 77',
    'PO Drawer 77',
    'Lock Box 77',
    'Caller 77',
    'Post Office Box No. 077',
    'Apartado 77',
    'Apdo. Postal 77',
    '|PO Box 77',
    'c/o Bob Smith|PO Box 77',
  ],
  'POBOX 388-317': ['P O Box 388-317'],
  'POBOX A': ['Box A'],
  'POBOX 39000 #34179': ['Dept 34179 PO Box 39000'],
  '12 MAIN ST #BOX 5': ['12 Main St|PO Box 5', '12 Main St, P.O. Box 5'],
});

renderings('a route with its box', {
  'RR 2 BOX 15': [
    'RR 2 Box 15',
    'R.R. #2, Box #15',
    'RFD 2|BOX 15',
    'Rural Route 2 Box 15',
    'Rt 2 Box 15',
    'Box 15 RR 2',
    'RR2 BOX15',
  ],
  'RR 1 BOX 103A': ['rr # 1 box 103 a'],
  'HC 15B BOX 1A': ['HC rte 15B bOX # 1A', 'Hwy Contract Route 15B Box 1A', 'Star Route 15B Box 1A'],
  'HC BOX 5': ['Star Route Box 5'],
});

renderings('military mail', {
  'PSC 4 BOX 12': ['PSC 4 Box 12', 'P.S.C. 4, Box 012'],
  'CMR 415 BOX 1234': ['CMR 415 BOX 1234'],
  'UNIT 2050 BOX 4190': ['Unit 2050 Box 4190'],
  'USS NIMITZ': ['USS Nimitz'],
});

renderings('a unit', {
  '12 MAIN ST #4': [
    '12 Main St Apt 4',
    '12 Main St|Apt. 4',
    '12 Main St #4',
    '12 Main St ## 04',
    '12 Main St Unit No 4',
    '12 Main St|4',
    '12 Main St 4',
    '12 Main St Apt4',
    'Apt 4|12 Main St',
    'Apt 4, 12 Main St',
    'Oakwood Apartments|12 Main St Apt 4',
    'c/o Bob Smith, Apt 4|12 Main St',
    '12 Main St APT APRT 4',
    '12 # 4 MAIN ST',
  ],
  '12 MAIN ST #41B': ['12 Main st aprt no 41 b', '12 Main St 41B', '12 Main St|41-B'],
  '12 MAIN ST #U403': ['12 Main St APT U 403'],
  '12 MAIN ST #BSMT': ['12 MAIN ST APT BASEMENT', '12 Main St Bsmt', '12 Main St|Basement'],
  '12 MAIN ST #APT': ['12 Main St Apt'],
  '12 MAIN ST #FL 2': [
    '12 Main St, 2nd Floor',
    '12 Main St|Second Fl',
    '12 Main St Floor No 2',
    '2nd Floor 12 Main St',
  ],
  '100 AVENUE OF THE AMERICAS #FL 27': [
    '100 Ave of the Americas 27 Fl',
    '100 Avenue of the Americas, 27th Floor',
  ],
  '2134 G #102': ['2134 G Apt #102'],
  '12 MAIN ST #BLDG C 5': ['12 Main St Bldg C Apt 5', '12 Main St|Apt 5 Building C'],
  '12 MAIN ST #LH': ['12 Main Street LH'],
  '819 SCARLET OAK CIR #130': ['819 SCARLET OAK # 130 CIRCLE', '819 Scarlet Oak Cir Apt 130'],
  '2820 N GREENVIEW #1': ['2820 N. Greenview 1', '2820 N Greenview Unit 1'],
  '100 TRUCK AND TRAILER WAY': ['100 Truck and Trailer Way'],
  '12 E STE MARIE ST': ['12 E Ste. Marie St'],
});

renderings('a house number', {
  '12 1/2 MAIN ST': ['12 1/2 Main St', '12½ Main St', '12-1/2 Main St'],
  '87-32 MAIN ST': ['87-32 Main St'],
  '184C MAIN ST': ['184-C Main St', '184C Main St', '184 C Main St'],
  'W220N7246 MAIN ST': ['W220N7246 Main St', 'W220 N7246 Main St', 'W 220 N 7246 Main St'],
  'N6135 HWY 5': ['N 6 135 Hwy 5', 'N6135 Hwy 5'],
  '1 MAIN ST': ['One Main St', '0001 Main St'],
  '21 MAIN ST': ['Twenty-One Main St'],
  'MILE 12 GLENN HWY': ['Mile 12 Glenn Hwy'],
});

renderings('ordinals and number words', {
  '9 W 21 ST': ['9 W 21st St', '9 West Twenty-First Street', '9 W TWENTYFIRST ST', '9 W 21 St'],
  '55 E 123 ST': ['55 E ONE TWENTY THIRD ST', '55 E One Hundred Twenty-Third St', '55 E 123RD ST'],
  '8 7 OAKS LN': ['8 Seven Oaks Ln', '8 7 Oaks Ln'],
  '9 54T HST': ['9 54T HST'],
});

renderings('a numbered road', {
  '5 COUNTY RD 420': [
    '5 C R 420',
    '5 CR 420',
    '5 Co Rd 420',
    '5 County Road 420',
    '5 Cnty Hwy 420',
    '5 CR420',
  ],
  '5 US HWY 17': ['5 U.S. 17', '5 US Highway No 17', '5 US Hwy #17', '5 US Rte 17', '5 US17'],
  '5 STATE HWY 75': [
    '5 State Road 75',
    '5 SR 75',
    '5 St Rt 75',
    '5 State Route 75',
    '5 KY 75',
    '5 Ky Highway 75',
    '5 Vermont 75',
  ],
  '5 FM 1488': ['5 F.M. 1488', '5 Farm to Market Rd 1488', '5 FM Road 1488'],
  '5 INTERSTATE 10': ['5 Interstate Hwy 10', '5 I 10', '5 IH 10'],
  '5 HWY 71 BUS': ['5 Highway 71 Business', '5 Hwy 71 Bus Rte', '5 Business 71'],
  '5 COUNTY RD DV': ['5 County Road DV', '5 County Hwy DV'],
  '5 AVENUE 352': ['5 Avenue 352', '5 Ave 352'],
  '5 AVENUE H': ['5 Ave. H', '5 AVENUE H'],
  '5 DIXIE HWY #312': ['5 Dixie Hwy # 312', '5 Dixie Hwy Apt 312', '5 Dixie Hwy 312'],
  '5 S STATE ST': ['5 South State Street'],
});

renderings('a street name', {
  '4 SW BLACK HAWK RD': [
    '4 South West Black Hawk Road',
    '4 S.W. Black Hawk Rd.',
    '4 Sth Wst Black Hawk Rd',
    '4 SWEST BLACK HAWK RD',
  ],
  '7 ST JOHN BLVD': ['7 Saint John Boulevard', '7 St. John Blvd.', '7 ST JOHN BOUL'],
  '7 MT VERNON PL': ['7 Mount Vernon Place', '7 Mt Vernon Plac'],
  '7 FT WORTH AVE': ['7 Fort Worth Av'],
  '7 OAK LN': ['7 Oak La', '7 Oak Lane'],
  '7 S LA BREA AVE': ['7 S La Brea Ave'],
  '7 COURT ST': ['7 Court St', '7 Ct. Street'],
  '7 7 STREET RD': ['7 7th Street Road', '7 7th St. Rd.'],
  '7 BEECH LOOP': ['7 Beech Lp'],
  '7 OAK LN NW': ['7 Oak La NW'],
  '7 FOREST GLEN DR': ['7 Forest Gln Drive'],
  '7 CAMINO DEL SUR': ['7 Camino del Sur'],
  '7 MARTIN LUTHER KING BLVD': ['7 MLK Blvd', '7 Dr. Martin Luther King Jr. Blvd', '7 M L King Blvd'],
  '7 N 500 W': ['7 North 500 West'],
  '7 36-1 RD': ['7 36.1 Road'],
});

renderings('Puerto Rico', {
  '12 CALLE 5': ['12 Calle 5', 'Calle 5 #12', 'C/ 5 Num. 12', 'Calle 5 12', '12 C/ 5'],
  '12 CALLE 3 #BLK 5': ['Calle 3 Bloque 5 #12', '12 Calle 3 Blq 5'],
  '5-12 CALLE 3': ['Villa Carolina 5-12 Calle 3'],
  '1250 AVENUE PONCE DE LEON': ['Avenida Ponce de León 1250', '1250 Ave. Ponce de Leon'],
  '204 CALLE LUNA #3B': ['Calle Luna 204 Apto 3B', '204 Calle Luna|Apartamento 3-B'],
  'D5 CALLE 3 URB VALLE VERDE': [
    'D-5 Calle 3, Urb. Valle Verde',
    'Urb Valle Verde|D5 Calle 3',
    'Urbanización Valle Verde D5 Calle 3',
  ],
  'KM 5-2 CARR 167 BO PALMAS': ['Carr 167 Km 5.2 Bo. Palmas', 'Barrio Palmas Carretera 167 KM 5.2'],
  'COND ASHFORD PALACE 5B #5B': ['Cond. Ashford Palace Apt 5B', 'Condominio Ashford Palace|Apto 5-B'],
  'HC 1 BOX 234': ['HC 1 Box 234', 'HC-01 Box 234'],
});

describe('what is no address', () => {
  it.each([
    ['', 'street_missing'],
    [' # ', 'street_missing'],
    ['Failed to Provide', 'street_placeholder'],
    ['Unknown Address', 'street_placeholder'],
    ['00000 Unknown St', 'street_placeholder'],
    ['Homeless', 'street_placeholder'],
    ['TRANSIENT', 'street_placeholder'],
    ['General Delivery', 'street_placeholder'],
    ['No Fixed Address', 'street_placeholder'],
    ['In custody', 'street_placeholder'],
    ['Sin dirección', 'street_placeholder'],
    ['SIN DOMICILIO', 'street_placeholder'],
    ['Desconocido', 'street_placeholder'],
    ['Se niega', 'street_placeholder'],
    ['Same as above', 'street_placeholder'],
    ['N/A', 'street_placeholder'],
    ['TBD', 'street_placeholder'],
    ['XXXX', 'street_placeholder'],
    ['12 N/A', 'street_placeholder'],
    ['12 Main St, Anytown', 'street_placeholder'],
    ['Main St', 'street_incomplete'],
    ['Highway 231 South', 'street_incomplete'],
    ['12', 'street_incomplete'],
    ['0 Main St', 'street_incomplete'],
    ['12 Apt 4', 'street_incomplete'],
    ['RR 2', 'street_incomplete'],
    ['PO Box', 'street_incomplete'],
    ['PSC 4', 'street_incomplete'],
    [`12 ${'Long '.repeat(50)} St`, 'street_too_long'],
    ['12 Main St '.repeat(40), 'street_too_long'],
  ])('%j is %s', (written, code) => {
    expect(shown(written)).toBe(code);
  });

  it.each([
    '12 Nowhere Rd',
    '12 Street Rd',
    '12 None Such Ln',
    '111 1st St',
    '12 Shelter Cove',
    '12 N A St',
    '12 Test Rd',
  ])('but %s is a real one', (written) => {
    expect(typeof read(written)).toBe('object');
  });

  it('is told from a second line that says that there is no unit', () => {
    expect(shown('12 Main St|N/A')).toBe('12 MAIN ST');
  });

  it('may be in the second line only as a whole phrase', () => {
    expect(shown('12 Main St|Homeless')).toBe('street_placeholder');
  });
});

describe('the core of a street', () => {
  it.each([
    ['12 N Main St', '12 MAIN'],
    ['12 Main', '12 MAIN'],
    ['12 Lake View Dr', '12 LAKEVIEW'],
    ['12 Lakeview', '12 LAKEVIEW'],
    ['12 Lk Vw', '12 LAKEVIEW'],
    ['12 Forest Glen', '12 FORESTGLEN'],
    ['12 Forest Glen Dr', '12 FORESTGLEN'],
    ['12 Oak Trail Dr', '12 OAK'],
    ['12 21st Ave', '12 21'],
    ['12 North St', '12 N'],
    ['12 N St', '12 N'],
    ['12 W 500 N', '12 500N'],
    ['69 S Hwy 701', '69 701HWY'],
    ['69 US 701', '69 701HWY'],
    ['69 County Road 701', '69 701COUNTYRD'],
    ['12 Calle Luna', '12 LUNA'],
    ['12 1/2 Main St', '12 1/2 MAIN'],
    ['PO Box 12', 'POBOX 12'],
    ['RR 2 Box 30', 'RR 2 BOX 30'],
  ])('of %s is %s', (written, core) => {
    expect(coreOf(written)).toBe(core);
  });

  it.each([
    ['12 Forest Glen Dr', '12 Forest Hill Dr'],
    ['12 Avenue B', '12 Avenue C'],
    ['12 500 N', '12 500 S'],
    ['12 Hwy 71', '12 Hwy 75'],
    ['12 FM 71', '12 County Road 71'],
  ])('tells %s from %s', (one, other) => {
    expect(coreOf(one)).not.toBe(coreOf(other));
  });
});

describe('the kind and the number', () => {
  it.each([
    ['12 1/2 Main St', 'house', '12 1/2'],
    ['PO Box 12', 'box', '12'],
    ['RR 2 Box 30', 'route', '2 BOX 30'],
    ['HC 1 Box 3', 'route', '1 BOX 3'],
    ['PSC 4 Box 12', 'military', '4 BOX 12'],
  ])('of %s are %s and %s', (written, kind, number) => {
    expect(read(written)).toMatchObject({ kind, number });
  });
});
