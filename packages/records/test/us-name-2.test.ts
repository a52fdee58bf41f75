import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalName, MAX_NAME_LENGTH } from '../src/profile-us-name-address-2/name.ts';
import type { CanonicalName } from '../src/profile-us-name-address-2/name.ts';
import { REJECTION_REASONS } from '../src/rejection.ts';

/** The canonical name of given name, surname and middle name. */
function nameOf(givenName: string, surname: string, middleName = ''): CanonicalName {
  const name = canonicalName({ givenName, middleName, surname });
  if (typeof name === 'string') throw new Error(`${givenName} ${surname} is rejected: ${name}`);
  return name;
}

function codeOf(givenName: string, surname: string, middleName = ''): string {
  const name = canonicalName({ givenName, middleName, surname });
  return typeof name === 'string' ? name : 'accepted';
}

describe('a given name', () => {
  it.each([
    ['Mary Ann', 'MARYANN', 'a compound is joined'],
    ['Jean-Paul', 'JEANPAUL', 'a hyphen is a space'],
    ['Min-Jun', 'MINJUN', 'a hyphen within a Korean name too'],
    ['José Luis', 'JOSELUIS', 'accents do not count'],
    ["De'Andre", 'DEANDRE', 'apostrophes are removed'],
    ['D Andre', 'DANDRE', 'nor do they count where a space took their place'],
    ['María del Carmen', 'MARIADELCARMEN', 'particles are part of it'],
    ['Ma. Guadalupe', 'MARIAGUADALUPE', 'Ma. before a name is María'],
    ['Ma', 'MA', 'alone it is a name'],
    ['Kim L.', 'KIM', 'a trailing initial is left out'],
    ['John R. R.', 'JOHN', 'so are several'],
    ['J. Robert', 'JROBERT', 'a leading initial stays'],
    ['Robert (Bob)', 'ROBERT', 'a nickname in brackets is left out'],
    ['William "Bill"', 'WILLIAM', 'so is one in quotation marks'],
    ['Ann AKA Nan', 'ANN', 'so is another name'],
    ['Sr. Juan', 'JUAN', 'SR before a name is señor'],
    ['Mrs. Dr. Eva', 'EVA', 'titles are cut'],
    ['Don', 'DON', 'a title that is a name stays'],
    ['John, M.D.', 'JOHN', 'degrees are cut'],
    ['Thi Lan', 'LAN', 'the Vietnamese marker of sex is left out'],
    ['Thi', 'THI', 'unless it is all there is'],
    ['小明', 'XIAOMING', 'Chinese characters are transliterated'],
    ['Ｍａｒｉａ', 'MARIA', 'full-width letters are letters'],
  ])('%s is %s: %s', (written, canonical) => {
    expect(nameOf(written, 'Lopez').given).toBe(canonical);
  });

  it('JOSE LUIS is not JOSE', () => {
    expect(nameOf('José Luis', 'Lopez').given).not.toBe(nameOf('José', 'Lopez').given);
  });
});

describe('the formal given name', () => {
  it.each([
    ['Bill', 'WILLIAM', 'of an English nickname'],
    ['Pepe', 'JOSE', 'of a Spanish nickname'],
    ['Toño', 'ANTONIO', 'of one with an accent'],
    ['Wm.', 'WILLIAM', 'of a written abbreviation'],
    ['Stephen', 'STEVEN', 'of another spelling that shares its nickname'],
    ['Billy Joe', 'WILLIAMJOSEPH', 'word by word'],
    ['J. Robert', 'ROBERT', 'without a leading initial'],
    ['Chris', 'CHRIS', 'a nickname of several names stays'],
    ['Jack', 'JACK', 'a nickname that is a name of its own stays'],
    ['Maria', 'MARIA', 'a name without a nickname stays'],
  ])('of %s is %s: %s', (written, formal) => {
    expect(nameOf(written, 'Lopez').formalGiven).toBe(formal);
  });

  it('leaves the given name as it is written', () => {
    expect(nameOf('Bill', 'Lopez').given).toBe('BILL');
  });
});

describe('a middle name', () => {
  it.each([
    ['José', 'Luis', 'LUIS', 'JOSELUIS', 'is joined to the given name'],
    ['Bill', 'Henry', 'HENRY', 'WILLIAMHENRY', 'is joined to the formal one'],
    ['Maria', 'del Carmen', 'DELCARMEN', 'MARIADELCARMEN', 'keeps its particles'],
    ['Ann', 'B.', '', '', 'that is an initial is none'],
    ['Ann', 'B. Marie', 'MARIE', 'ANNMARIE', 'loses its initials'],
    ['Ann', 'NMN', '', '', 'that is a placeholder is none'],
    ['Ann', 'n/a', '', '', 'that is not applicable is none'],
    ['Ann', '1', '', '', 'with digits is none'],
    ['Lan', 'Thi', '', '', 'that only marks the sex is none'],
    ['José Luis', 'Luis', '', '', 'that the given name holds is not counted twice'],
    ['Ann', '', '', '', 'may be missing'],
  ])('%s + %s gives "%s" and "%s": %s', (given, middle, canonical, both) => {
    const name = nameOf(given, 'Lopez', middle);
    expect([name.middle, name.givenWithMiddle]).toEqual([canonical, both]);
  });

  it('written in the given name gives the same as beside it', () => {
    const beside = nameOf('Billy', 'Lopez', 'Joe').givenWithMiddle;
    expect(nameOf('Billy Joe', 'Lopez').formalGiven).toBe(beside);
  });

  it('stands for a given name that is only an initial', () => {
    expect(nameOf('J.', 'Lopez', 'Robert')).toEqual(nameOf('J. Robert', 'Lopez'));
  });
});

describe('a surname', () => {
  it.each([
    ['De la Cruz García', 'DELACRUZGARCIA', 'DELACRUZ', 'particles are glued to what follows'],
    ['Garcia-Lopez', 'GARCIALOPEZ', 'GARCIA', 'a hyphen divides two surnames'],
    ['GARCIA LOPEZ', 'GARCIALOPEZ', 'GARCIA', 'so does a space'],
    ['García de la Torre', 'GARCIADELATORRE', 'GARCIA', 'particles of the second belong to it'],
    ['Garcia', 'GARCIA', 'GARCIA', 'of one word is its first'],
    ['Ortega y Gasset', 'ORTEGAGASSET', 'ORTEGA', 'the Spanish y is cut'],
    ['Mc Donald', 'MCDONALD', 'MCDONALD', 'Mc is a particle'],
    ["O'Brien", 'OBRIEN', 'OBRIEN', 'apostrophes are removed'],
    ['O Brien', 'OBRIEN', 'OBRIEN', 'nor do they count where a space took their place'],
    ["van 't Hof", 'VANTHOF', 'VANTHOF', 'a letter between particle and name is glued'],
    ['Van der Berg Smith', 'VANDERBERGSMITH', 'VANDERBERG', 'particles follow one another'],
    ['Abdul Rahman Khan', 'ABDULRAHMANKHAN', 'ABDULRAHMAN', 'Arabic particles are glued'],
    ['Al-Masri', 'ALMASRI', 'ALMASRI', 'so is the article'],
    ['Nguyen Van', 'NGUYENVAN', 'NGUYEN', 'a particle that nothing follows is a name'],
    ['Le', 'LE', 'LE', 'also alone'],
    ['Saint John', 'STJOHN', 'STJOHN', 'Saint is St'],
    ['Saint', 'SAINT', 'SAINT', 'unless it is the name'],
    ['De la O', 'DELAO', 'DELAO', 'a surname of one letter behind particles is none to cut'],
    ['Tara A', 'TARA', 'TARA', 'a trailing initial of exchanged fields is cut'],
    ['M. Garcia', 'GARCIA', 'GARCIA', 'so is a leading one'],
    ['Hdez. Mtz.', 'HERNANDEZMARTINEZ', 'HERNANDEZ', 'Spanish abbreviations are written out'],
    ['Smith (Jones)', 'SMITH', 'SMITH', 'another name in brackets is left out'],
    ['Smith née Jones', 'SMITH', 'SMITH', 'so is a name at birth'],
    ['Sra. Garcia', 'GARCIA', 'GARCIA', 'titles are cut'],
    ['Smith, M.D., Ph.D.', 'SMITH', 'SMITH', 'degrees are cut'],
    ['Smith Esq.', 'SMITH', 'SMITH', 'so is Esquire'],
    ['Smith V', 'SMITH', 'SMITH', 'a fifth generation is cut'],
    ['Null', 'NULL', 'NULL', 'that looks like nothing is a surname'],
  ])('%s is %s, first %s: %s', (written, surname, firstSurname) => {
    expect(nameOf('Maria', written)).toMatchObject({ surname, firstSurname });
  });
});

describe('the generation', () => {
  it.each([
    ['John', 'Smith, Jr.', '', 'JR'],
    ['John', 'Smith Senior', '', 'SR'],
    ['John', 'Smith II', '', '2ND'],
    ['John III', 'Smith', '', '3RD'],
    ['John 4th', 'Smith', '', '4TH'],
    ['John Jr. M.', 'Smith', '', 'JR'],
    ['John', 'Smith', 'Jr', 'JR'],
    ['John', 'Smith', 'A. III', '3RD'],
    ['John', 'Garcia Jr Lopez', '', 'JR'],
    ['Juan', 'García Sr.', '', 'SR'],
    ['Sr. Juan', 'García', '', ''],
    ['Junior', 'Senior', '', ''],
    ['John', 'Smith', 'Junior', ''],
    ['John', 'Smith', '', ''],
  ])('of %s / %s / middle "%s" is "%s"', (given, surname, middle, generation) => {
    expect(nameOf(given, surname, middle).generation).toBe(generation);
  });

  it('is no part of any name', () => {
    expect(nameOf('John Jr', 'Garcia III Lopez', 'II')).toMatchObject({
      given: 'JOHN',
      surname: 'GARCIALOPEZ',
      middle: '',
    });
  });
});

describe('a surname in the field of the given name', () => {
  it('is reported beside the given name without it', () => {
    expect(nameOf('Jose de la Cruz', 'Lopez')).toMatchObject({
      given: 'JOSEDELACRUZ',
      shorterGiven: 'JOSE',
      surnameInGiven: 'DELACRUZ',
    });
  });

  it('is not looked for in a given name of one word', () => {
    expect(nameOf('Jose R.', 'Lopez')).toMatchObject({ shorterGiven: '', surnameInGiven: '' });
  });
});

describe('a name is rejected', () => {
  it.each([
    ['', 'Lopez', 'given_name_missing'],
    ['--', 'Lopez', 'given_name_missing'],
    ['Maria', ' ', 'surname_missing'],
    ['J.', 'L.', 'name_initials'],
    ['A B', 'L', 'name_initials'],
    ['J0hn', 'Smith', 'name_impossible'],
    ['Maria', 'Sm1th', 'name_impossible'],
    ['123', 'Smith', 'name_impossible'],
    ['John & Mary', 'Smith', 'name_impossible'],
    ['John and Mary', 'Smith', 'name_impossible'],
    ['M'.repeat(MAX_NAME_LENGTH - 1) + 'AB', 'Lopez', 'name_too_long'],
    ['Maria', 'LO'.repeat(MAX_NAME_LENGTH), 'name_too_long'],
  ])('%s / %s: %s', (given, surname, code) => {
    expect(codeOf(given, surname)).toBe(code);
  });

  it.each([
    ['FNU', 'Singh'],
    ['Singh', 'LNU'],
    ['F.N.U.', 'Singh'],
    ['Mr. FNU', 'Singh'],
    ['Unknown', 'Unknown'],
    ['Un known', 'Lopez'],
    ['Unknown2', 'Lopez'],
    ['Male Unknown', 'Lopez'],
    ['Maria', 'N/A'],
    ['X', 'X'],
    ['XXXX', 'Lopez'],
    ['Maria', 'aaa'],
    ['Test', 'Test'],
    ['None', 'Lopez'],
    ['Mr', 'Smith'],
    ['John Smith', 'Jr.'],
    ['Juan', 'Sr.'],
    ['Baby Boy', 'Smith'],
    ['Baby Girl B', 'Smith'],
    ['Infant', 'Smith'],
    ['John', 'Doe'],
    ['Jane Q.', 'Doe'],
    ['Baby', 'Doe'],
    ['Doe', 'John'],
    ['Did not', 'provide'],
    ['Failed to', 'provide'],
    ['Desconocido', 'Lopez'],
    ['Maria', 'Sin Apellido'],
    ['No', 'Sabe'],
    ['Fulano', 'de Tal'],
  ])('%s / %s as a placeholder', (given, surname) => {
    expect(codeOf(given, surname)).toBe('name_placeholder');
  });

  it.each([
    ['Na', 'Li'],
    ['Maria', 'Doe'],
    ['John', 'Roe'],
    ['Juan', 'Null'],
    ['Maria', 'Minor'],
    ['Julia', 'Child'],
    ['Peter', 'Sample'],
    ['Maria', 'Newborn'],
    ['Maria', 'Infante'],
    ['Juan', 'Perez'],
    ['Xi', 'Xu'],
    ['Maria', 'None'],
    ['Hon', 'No'],
    ['Son', 'Do'],
    ['Baby', 'Garcia'],
  ])('but not %s / %s, who may be real', (given, surname) => {
    expect(codeOf(given, surname)).toBe('accepted');
  });

  it('with a code that has a sentence', () => {
    expect(Object.keys(REJECTION_REASONS)).toContain(codeOf('J', 'Smith'));
  });
});

const realNames = fc.constantFrom(
  'Maria',
  'José',
  'Min-Jun',
  'de la Cruz',
  "O'Brien",
  'García',
  'Van',
  'Nguyễn',
  'Billy Joe',
  'Mc Donald',
  'Ñandú',
  '王',
  'Al-Masri',
  'Ma. Elena',
);

describe('for any name', () => {
  it('case, dots and spaces around it do not count', () => {
    fc.assert(
      fc.property(realNames, realNames, fc.constantFrom('', ' ', '. ', ' .'), (given, surname, around) => {
        expect(
          nameOf(around + given.toUpperCase() + around, around + surname.toLowerCase() + around),
        ).toEqual(nameOf(given, surname));
      }),
    );
  });

  it('an initial behind either name changes nothing', () => {
    fc.assert(
      fc.property(realNames, realNames, fc.constantFrom('A', 'B.', 'R', 'V'), (given, surname, initial) => {
        expect(nameOf(`${given} ${initial}`, `${surname} ${initial}`)).toEqual(nameOf(given, surname));
      }),
    );
  });

  it('the canonical given name and surname are their own canonical form', () => {
    fc.assert(
      fc.property(realNames, realNames, (givenName, familyName) => {
        const { given, surname } = nameOf(givenName, familyName);
        const again = nameOf(given, surname);
        expect([again.given, again.surname]).toEqual([given, surname]);
      }),
    );
  });

  it('a particle more or a space less leaves the joined surname', () => {
    fc.assert(
      fc.property(fc.constantFrom('de', 'de la', 'van der', 'Mc', 'al', 'San'), (particle) => {
        const apart = nameOf('Maria', `${particle} Prueba`);
        expect(nameOf('Maria', `${particle.replaceAll(' ', '')}Prueba`).surname).toBe(apart.surname);
        expect(apart.firstSurname).toBe(apart.surname);
      }),
    );
  });

  it('exchanged fields exchange given name and surname', () => {
    const single = fc.constantFrom('Tara A', 'Taylor', 'Garcia', "O'Brien", 'Minh', 'Dr. Eva', 'Lopez Jr');
    fc.assert(
      fc.property(single, single, (one, other) => {
        const [name, exchanged] = [nameOf(one, other), nameOf(other, one)];
        expect([exchanged.given, exchanged.surname]).toEqual([name.surname, name.given]);
      }),
    );
  });

  it('any text gives letters A to Z or a code, and never throws', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      realNames,
      fc.string({ maxLength: 30 }),
    );
    fc.assert(
      fc.property(text, text, text, (givenName, middleName, surname) => {
        const name = canonicalName({ givenName, middleName, surname });
        if (typeof name === 'string') {
          expect(Object.keys(REJECTION_REASONS)).toContain(name);
        } else {
          const { generation, ...names } = name;
          expect(Object.values(names).join('')).toMatch(/^[A-Z]+$/);
          expect(['', 'JR', 'SR', '2ND', '3RD', '4TH']).toContain(generation);
          expect(name.surname.startsWith(name.firstSurname)).toBe(true);
          expect(Math.min(name.given.length, name.surname.length, name.formalGiven.length)).toBeGreaterThan(
            1,
          );
        }
      }),
      { numRuns: 200 },
    );
  });
});
