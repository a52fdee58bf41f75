// Rarer names: real tables end where most of the entropy begins, so the rest is put together from parts. Any likeness to a
// real rare name is chance.
import type { Random } from '../random.ts';

const words = (text: string): string[] => text.trim().split(/\s+/);

const SURNAME_HEADS =
  words(`Al Am Ar Ash Bal Bar Ben Bir Black Bol Bran Bren Brad Brook Bur Cal Can Car Chad Chal Cher Cor Crom Dal Dan Del Den Dor Dray Dun East El Em Ever Fair Fal Far Fen Fin Flan Gar
  Gil Gor Gran Grim Hal Ham Har Has Hat Hen Hol Hor Hux Ing Kel Ken Ker Kil Kirk Lan Lang Lar Law Lin Lock Lon Lud Mal Man Mar Mel Mer Mon Mor Nel New Nor Oak Or Os Pal Par Pel Pen Pick Pren Quin Rad Ral Ran
  Red Ren Rod Ros Row Rus Sal San Scar Sel Shel Sher Sig Stan Stav Stein Stock Stod Sut Swan Tal Tan Thorn Til Tor Trav Tren Tur Ul Van Ver Wal War Wat Web Wel West Whit Wil Win Wol Wood Wor Wyn Yar Zim`);
const SURNAME_MIDDLES = [
  '',
  '',
  '',
  'e',
  'er',
  'en',
  'ing',
  'i',
  'le',
  'sel',
  'ter',
  'del',
  'o',
  'ko',
  'man',
];
const SURNAME_ENDS =
  words(`ford ton man berg stein son sen ley wood worth well er ing field dale by den ham hurst kamp land lin mann mer more ner rick ridge sby shaw ski ska sky smith ster stone strom thal ton vall vich wald
  ward way witz wick zak ard ault eau elli etti ini ino ano one ucci opoulos ides ian yan enko czyk`);
const PREFIXED = ['Mc', "O'", 'Mac', 'Van ', 'De ', 'St. ', 'Fitz'];

const HISPANIC_HEADS =
  words(`Al Ar Bal Bar Be Bo Bus Ca Cal Car Cas Cor Dal Do Es Fa Fi Ga Gal Gua Ji La Lan Le Lo Ma Mal Man Mar Me Mi Mon Mo Na Ne O Or Pa Pal Pe Pi Por Que Qui Ra Ri Ro Sa Sal San Se So Ta Te To Tor U Va Ve Vi
  Vil Ya Za Ze Zu`);
const HISPANIC_MIDDLES = words(
  `ba ca ce da de di ga go la le li lla ma me mi na ne no ra re ri ro sa si ta te ti va ve vi za`,
);
const HISPANIC_ENDS = words(
  `da do ga llo lla ra ro rez nez lez ndez tez rrez nda ño ña dor nte sco gui vides yo les nes ras ros ta to za zo`,
);

const MODERN_HEADS = words(
  `Ja Ka Ma Sha De Bra La Tay Kay Jay Zay Bry Cam Dal Kin Lan Ray Tre Ty Za Ash Em Har Kem Mad Pay`,
);
const MODERN_ENDS = words(
  `den lyn ton nique quan leigh la ra mar son ven la'nae len lee na rah ya vion sha shia mir cee dric lin`,
);
const OLD_HEADS = words(
  `Al Ber Clar Del Ed El Er Eu Flo Ger Ha Her Ida Lu Ma Mil Or Os Ros The Ver Wil Win Zel`,
);
const OLD_ENDS = words(
  `bert da ence fred ina ine la lia man mina mond na nest nia ra ton trude vin wood ward`,
);

/** So many surnames of the tail there are; the k-th of them is as frequent as 1 / (k + 400). */
const TAIL = 120_000;

function rankOf(random: Random, size: number, offset: number): number {
  // The inverse of the distribution function of 1 / (k + offset).
  return Math.min(size - 1, Math.floor(offset * (((size + offset) / offset) ** random.unit() - 1)));
}

function part(values: readonly string[], index: number): string {
  return values[index % values.length] ?? '';
}

/** A rarer surname of the United States at large. */
export function derivedSurname(random: Random): string {
  // The multiplier is prime, so that ranks and spellings are unrelated.
  const code = (rankOf(random, TAIL, 400) * 7_919) % 1_000_003;
  const name = compose(code, SURNAME_HEADS, SURNAME_MIDDLES, SURNAME_ENDS);
  return code % 23 === 0 ? `${part(PREFIXED, Math.floor(code / 23))}${name}` : name;
}

/** A rarer Spanish surname. */
export function derivedHispanicSurname(random: Random): string {
  return compose(
    (rankOf(random, 40_000, 200) * 7_919) % 1_000_003,
    HISPANIC_HEADS,
    HISPANIC_MIDDLES,
    HISPANIC_ENDS,
  );
}

/** A rarer given name, in the fashion of the year of birth. */
export function derivedGiven(random: Random, year: number): string {
  const modern = year >= 1978;
  const heads = modern ? MODERN_HEADS : OLD_HEADS;
  const ends = modern ? MODERN_ENDS : OLD_ENDS;
  const code = rankOf(random, heads.length * ends.length, 20) * 101;
  return `${part(heads, code)}${part(ends, Math.floor(code / heads.length))}`;
}

function compose(
  code: number,
  heads: readonly string[],
  middles: readonly string[],
  ends: readonly string[],
): string {
  const head = part(heads, code);
  const rest = Math.floor(code / heads.length);
  return `${head}${part(middles, rest)}${part(ends, Math.floor(rest / middles.length))}`;
}
