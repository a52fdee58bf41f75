import { describe, expect, it } from 'vitest';
import { SURNAME_ABBREVIATIONS, TITLES } from '../src/profile-us-name-address-2/name-words.ts';
import { ENGLISH_NICKNAMES } from '../src/profile-us-name-address-2/nicknames-english.ts';
import { SPANISH_NICKNAMES } from '../src/profile-us-name-address-2/nicknames-spanish.ts';
import type { WordTable } from '../src/profile-us-name-address-2/word-table.ts';

/** Nicknames that stand for several names, and names of their own that were nicknames once. */
const AMBIGUOUS = (
  'AL ALE ALEX ALI ALLIE ANDY ANGIE ANNIE ART BEA BERT BETO BILLIE BOBBIE BRAD CAL CAM CARRIE CASSIE CHELA CHRIS CHRISSY CLIFF ' +
  'CONNIE CUCA DREW ED EDDIE ELIZA ELLA ELLIE FER FLO FRAN FRANK FRED GABI GABY GAIL GENE GINGER HAL HARRY JACK JACKIE JAMIE ' +
  'JENNY JERRY JESS JESSIE JO JON JOSIE KAT KATE KATHY KATIE KIKO KIM KRIS LENA LIAM LIBBY LISA LIZA LOLA LOU LUCY LULU MAGGIE ' +
  'MANDY MANNY MAX MEG MEL MICKEY MINDY MISSY MOLLY NANCY NANDO NAT NATE NED NELL NIKKI PAT PATSY RANDY RAY RICK RICKY ROBBIE ' +
  'ROBIN ROD RONNIE SADIE SAL SALLY SAM SAMMY SANDY STEPH SUE TED TERESITA TERRI TERRY TESS THEO TINA TINO TOMMIE TONY TORI VAL ' +
  'VIC WES WILL WILLIE'
).split(' ');

/** What makes a table of nicknames unsound; nothing where it is sound. */
function faultsOf(tables: readonly WordTable[]): string[] {
  const formal = new Set(tables.flatMap((table) => Object.keys(table)));
  const seen = new Set<string>();
  const faults: string[] = [];
  for (const [name, shorts] of tables.flatMap((table) => Object.entries(table))) {
    for (const short of shorts) {
      if (seen.has(short)) faults.push(`${short} stands twice`);
      if (formal.has(short)) faults.push(`${short} is a formal name`);
      if (AMBIGUOUS.includes(short)) faults.push(`${short} is ambiguous`);
      if (!/^[A-Z]{2,}$/.test(short) || !/^[A-Z]{2,}$/.test(name)) faults.push(`${short} is not folded`);
      seen.add(short);
    }
  }
  return faults;
}

describe('the tables of nicknames', () => {
  it('name one formal name for each, never a formal or an ambiguous one', () => {
    expect(faultsOf([ENGLISH_NICKNAMES, SPANISH_NICKNAMES])).toEqual([]);
  });

  it.each<[WordTable, string]>([
    [{ CHRISTOPHER: ['CHRIS'] }, 'CHRIS is ambiguous'],
    [{ ROBERT: ['ROB'], ROBERTA: ['ROB'] }, 'ROB stands twice'],
    [{ JOHN: ['JOHNNY'], JOHNNY: [] }, 'JOHNNY is a formal name'],
    [{ ANTONIO: ['Toño'] }, 'Toño is not folded'],
  ])('would be caught with %o', (table, fault) => {
    expect(faultsOf([table])).toEqual([fault]);
  });

  it('hold no title, which would be cut before it is looked up', () => {
    const words = [ENGLISH_NICKNAMES, SPANISH_NICKNAMES].flatMap((table) => Object.values(table).flat());
    expect(words.filter((word) => TITLES.includes(word))).toEqual([]);
  });
});

describe('the abbreviations of surnames', () => {
  it('hold consonants only but for the ending -EZ', () => {
    const written = Object.values(SURNAME_ABBREVIATIONS).flat();
    expect(written.filter((word) => /[AEIOU]/.test(word.replace(/U?EZ$/, 'Z')))).toEqual([]);
  });
});
