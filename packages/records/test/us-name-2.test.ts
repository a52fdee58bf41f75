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

describe('the formal first name', () => {
  it.each([
    ['Bill', 'WILLIAM', 'of an English nickname'],
    ['Pepe', 'JOSE', 'of a Spanish nickname'],
    ['Toño', 'ANTONIO', 'of one with an accent'],
    ['Wm.', 'WILLIAM', 'of a written abbreviation'],
    ['Stephen', 'STEVEN', 'of another spelling that shares its nickname'],
    ['Billy Joe', 'WILLIAM', 'of the first of two'],
    ['J. Robert', 'ROBERT', 'without a leading initial'],
    ['Chris', 'CHRIS', 'a nickname of several names stays'],
    ['Jack', 'JACK', 'a nickname that is a name of its own stays'],
    ['Maria', 'MARIA', 'a name without a nickname stays'],
  ])('of %s is %s: %s', (written, formal) => {
    expect(nameOf(written, 'Lopez').firstFormal).toBe(formal);
  });

  it('leaves the given name as it is written', () => {
    expect(nameOf('Bill', 'Lopez').given).toBe('BILL');
  });
});

describe('the second given name', () => {
  it.each([
    ['José', 'Luis', 'JOSE', 'LUIS', 'may stand in the field of the middle name'],
    ['José Luis', '', 'JOSE', 'LUIS', 'or behind the first'],
    ['Billy', 'Joe', 'WILLIAM', 'JOSEPH', 'is formal, as the first is'],
    ['Maria', 'del Carmen', 'MARIA', 'CARMEN', 'does without its particles'],
    ['María de los Ángeles', '', 'MARIA', 'ANGELES', 'also behind the first'],
    ['Maria', 'Van', 'MARIA', 'VAN', 'may be a particle that nothing follows'],
    ['Ann', 'B.', 'ANN', '', 'is no initial'],
    ['Ann', 'B. Marie', 'ANN', 'MARIE', 'is sought behind an initial'],
    ['Ann', 'NMN', 'ANN', '', 'is no placeholder'],
    ['Ann', 'n/a', 'ANN', '', 'is nothing where it does not apply'],
    ['Ann', '1', 'ANN', '', 'holds no digit'],
    ['Lan', 'Thi', 'LAN', '', 'is more than a mark of the sex'],
    ['José Luis', 'Luis', 'JOSE', 'LUIS', 'is not counted twice'],
    ['Ann', '', 'ANN', '', 'may be missing'],
  ])('%s + %s gives "%s" and "%s": it %s', (given, middle, first, second) => {
    const { firstFormal, secondFormal } = nameOf(given, 'Lopez', middle);
    expect([firstFormal, secondFormal]).toEqual([first, second]);
  });

  it('is no part of the given name where it stands in the field of the middle name', () => {
    expect(nameOf('José', 'Lopez', 'Luis').given).toBe('JOSE');
  });

  it('stands for a given name that is only an initial', () => {
    expect(nameOf('J.', 'Lopez', 'Robert')).toEqual(nameOf('J. Robert', 'Lopez'));
  });
});

describe('the initial of the second given name', () => {
  it.each([
    ['Sarah Victoria', '', 'V', 'is that of the second name'],
    ['Sarah', 'Victoria', 'V', 'or of the middle name'],
    ['Sarah V.', '', 'V', 'or an initial behind the first'],
    ['Sarah', 'V.', 'V', 'or one in the field of the middle name'],
    ['María del Carmen', '', 'C', 'is not that of a particle'],
    ['Sarah', '', '', 'may be missing'],
    ['Sarah 5', '2', '', 'is no digit'],
    ['J. Robert', '', '', 'is none that comes before the name'],
  ])('of %s + "%s" is "%s": it %s', (given, middle, initial) => {
    expect(nameOf(given, 'Lopez', middle).secondInitial).toBe(initial);
  });

  it('stands beside the first name as it is written', () => {
    expect(nameOf('Bill H.', 'Lopez')).toMatchObject({ firstGiven: 'BILL', secondInitial: 'H' });
  });
});

describe('the given name that tells siblings apart', () => {
  it.each([
    ['Peter Paul', '', 'PETER', 'is the first'],
    ['María Teresa', '', 'MARIA T', 'has the initial of the second where siblings share the first'],
    ['Maria', 'Teresa', 'MARIA T', 'as where the second is the middle name'],
    ['Maria T.', '', 'MARIA T', 'or is known by its initial'],
    ['Ma. Teresa', '', 'MARIA T', 'or the first is abbreviated'],
    ['Pepe', 'Luis', 'JOSE L', 'or a nickname'],
    ['Maria', '', 'MARIA', 'is the first alone where no second is known'],
    ['Min Jun', '', 'MINJUN', 'has the second where the first may be a syllable of both'],
    ['Young Jin', '', 'YOUNGJIN', 'also a longer one that is in the table'],
    ['Peter Jin', '', 'PETER', 'but no other longer name'],
    ['Min', 'Jun', 'MIN', 'but not where it is the middle name'],
    ['Young', 'Jin', 'YOUNG', 'of a longer one neither'],
  ])('of %s + "%s" is %s: it %s', (given, middle, own) => {
    expect(nameOf(given, 'Lopez', middle).ownName).toBe(own);
  });
});

describe('an initial in place of a name', () => {
  it.each([
    ['J.', 'Smith', 'J', 'SMITH'],
    ['Maria', 'O', 'MARIA', 'O'],
    ['J. R.', 'Smith', 'JR', 'SMITH'],
  ])('of %s %s stands for itself', (written, family, given, surname) => {
    expect(nameOf(written, family)).toMatchObject({ given, surname });
  });
});

describe('a digit that a scanner read for a letter', () => {
  it.each([
    ['D0nna', 'Smith', 'DONNA', 'SMITH', '0 is O'],
    ['Maria', 'Sm1th', 'MARIA', 'SMITH', '1 is I'],
    ['Maria', '5mith', 'MARIA', 'SMITH', '5 is S'],
    ['J0hn', 'Smith', 'JOHN', 'SMITH', 'in a word of four characters'],
  ])('%s %s is %s %s: %s', (written, family, given, surname) => {
    expect(nameOf(written, family)).toMatchObject({ given, surname });
  });

  it('is read in a middle name too', () => {
    expect(nameOf('José', 'Lopez', 'Lu1s').secondFormal).toBe('LUIS');
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
      secondFormal: '',
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
    ['J2hn', 'Smith', 'name_impossible'],
    ['Maria', 'Sm17h', 'name_impossible'],
    ['R0b0rt', 'Smith', 'name_impossible'],
    ['J0e', 'Smith', 'name_impossible'],
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
    expect(Object.keys(REJECTION_REASONS)).toContain(codeOf('J', 'S'));
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

  it('an initial behind the surname changes nothing', () => {
    fc.assert(
      fc.property(realNames, realNames, fc.constantFrom('A', 'B.', 'R', 'V'), (given, surname, initial) => {
        expect(nameOf(given, `${surname} ${initial}`)).toEqual(nameOf(given, surname));
      }),
    );
  });

  it('an initial behind the given name only tells that of a second name that is not known', () => {
    fc.assert(
      fc.property(realNames, realNames, fc.constantFrom('A', 'B.', 'R', 'V'), (given, surname, initial) => {
        const plain = nameOf(given, surname);
        const secondInitial = plain.secondInitial || initial.charAt(0);
        const known = nameOf(`${given} ${initial}`, surname);
        expect(known).toEqual({ ...plain, secondInitial, ownName: known.ownName });
        expect([plain.ownName, `${plain.firstFormal} ${secondInitial}`]).toContain(known.ownName);
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
          const { generation, ownName, ...names } = name;
          expect(Object.values(names).join('')).toMatch(/^[A-Z]+$/);
          expect(ownName).toMatch(/^[A-Z]+(?: [A-Z])?$/);
          expect(['', 'JR', 'SR', '2ND', '3RD', '4TH']).toContain(generation);
          expect(name.surname.startsWith(name.firstSurname)).toBe(true);
          expect(
            Math.min(name.given.length, name.firstSurname.length, name.firstFormal.length),
          ).toBeGreaterThan(0);
          expect(Math.max(name.given.length, name.surname.length)).toBeGreaterThan(1);
        }
      }),
      { numRuns: 200 },
    );
  });
});
