import type { WordTable } from './word-table.ts';

/** Generational suffixes. JR and 2ND are different people as often as not, so they are not folded together. */
export const GENERATIONS: WordTable = {
  JR: ['JUNIOR', 'JNR'],
  SR: ['SENIOR', 'SNR'],
  '2ND': ['II', '2D'],
  '3RD': ['III', '3D'],
  '4TH': ['IV'],
};

/** Generational suffixes that are also names: they count at the end of a name only, as in "Lima Junior". */
export const GENERATIONS_THAT_ARE_NAMES: readonly string[] = ['JUNIOR', 'SENIOR'];

/**
 * Titles, English and Spanish, cut where they begin a name that goes on. SR is "señor" there; after a name it is
 * "senior". DON, DOÑA, HON and ING are names of people and stay.
 */
export const TITLES: readonly string[] = [
  'MR',
  'MRS',
  'MS',
  'MISS',
  'MX',
  'DR',
  'PROF',
  'REV',
  'SR',
  'SRA',
  'SRTA',
  'SENOR',
  'SENORA',
  'SENORITA',
  'DRA',
  'LIC',
];

/**
 * What follows a name and says nothing about who it is: degrees, professions, titles put behind, and the generations
 * that no key tells apart (a V is cut as a letter is). DO, BA, MA and JD are names of people and stay.
 */
export const AFTER_NAMES: readonly string[] = [
  'ESQ',
  'ESQUIRE',
  'MD',
  'PHD',
  'PH',
  'DDS',
  'DMD',
  'DVM',
  'LLM',
  'LLB',
  'MBA',
  'CPA',
  'RN',
  'LPN',
  'MR',
  'MRS',
  'MS',
  'DR',
  '1ST',
  '5TH',
];

/** Words between two names of one person. What follows them is left out. */
export const OTHER_NAME_MARKS: readonly string[] = ['AKA', 'ALIAS', 'NEE'];

/** Particles of surnames: each is glued to what follows it, and is a surname of its own where nothing follows. */
export const PARTICLES: readonly string[] = [
  // Spanish, Portuguese, French, Italian
  'DE',
  'DEL',
  'DELA',
  'DELAS',
  'DELOS',
  'LA',
  'LAS',
  'LOS',
  'LE',
  'LES',
  'DU',
  'DES',
  'DA',
  'DAS',
  'DO',
  'DOS',
  'DI',
  'DALLA',
  'DELLA',
  'DELLO',
  'DEGLI',
  'LO',
  'SAN',
  'SANTA',
  'SANTO',
  'ST',
  'STE',
  // Dutch, German
  'VAN',
  'VANDE',
  'VANDEN',
  'VANDER',
  'VON',
  'VONDER',
  'VOM',
  'DEN',
  'DER',
  'TEN',
  'TER',
  'ZU',
  'ZUM',
  'ZUR',
  // Scottish, Irish, Norman
  'MC',
  'MAC',
  'FITZ',
  // Arabic, Hebrew
  'AL',
  'EL',
  'ABD',
  'ABDEL',
  'ABDUL',
  'ABDUR',
  'ABOU',
  'ABU',
  'BIN',
  'BINT',
  'BINTI',
  'IBN',
  'BEN',
  'BAR',
];

/** Single letters that begin a name once its apostrophe is lost: "O Brien", "D Angelo". */
export const LEADING_LETTERS: readonly string[] = ['O', 'D'];

/** The letter of "van 't Hof", glued where it follows a particle. */
export const LETTER_AFTER_PARTICLE = 'T';

/** Particles written in more than one way. */
export const PARTICLE_SPELLINGS: WordTable = { ST: ['SAINT'], STE: ['SAINTE'] };

/** Surnames as Spanish-speaking clerks shorten them in writing. None of these is a surname itself. */
export const SURNAME_ABBREVIATIONS: WordTable = {
  FERNANDEZ: ['FDEZ', 'FDZ'],
  GONZALEZ: ['GLEZ', 'GLZ', 'GZZ', 'GZLZ'],
  HERNANDEZ: ['HDEZ', 'HDZ', 'HRDZ'],
  MARTINEZ: ['MTZ', 'MTNEZ', 'MTNZ'],
  RODRIGUEZ: ['RDZ', 'RGUEZ', 'RDGZ'],
};

/** "Ma. Guadalupe" is María Guadalupe. Alone, MA is a name. */
export const GIVEN_NAME_BEGINNINGS: WordTable = { MARIA: ['MA'] };

/** Middle names that mark no more than the sex of whoever bears them, as in "Nguyen Thi Lan". Left out, like an initial. */
export const MARKERS_OF_SEX: readonly string[] = ['THI'];

/**
 * First given names that brothers and sisters share, so that only the second tells them apart: twins may be Maria Teresa and
 * Maria Helena. In their formal form.
 */
export const SHARED_FIRST_NAMES: readonly string[] = [
  'ABDUL',
  'AHMED',
  'ANA',
  'ANGEL',
  'ANNE',
  'BIBI',
  'CARLOS',
  'FATIMA',
  'FRANCISCO',
  'JEAN',
  'JESUS',
  'JOSE',
  'JUAN',
  'LUIS',
  'MANUEL',
  'MARIA',
  'MARIE',
  'MARY',
  'MIGUEL',
  'MOHAMMAD',
  'NOOR',
  'NUR',
  'PEDRO',
  'ROSA',
  'SYED',
];

/**
 * Syllables that begin the given names of all children of a Korean or Chinese family, or of one generation of it: MIN of "Min Jun",
 * whose twin may be "Min Seo". Shorter ones than these are told by their length.
 */
export const GENERATION_SYLLABLES: readonly string[] = [
  ...[
    'CHANG',
    'CHUL',
    'CHUN',
    'DONG',
    'GUANG',
    'GUO',
    'HONG',
    'HYUN',
    'HYUNG',
    'JEONG',
    'JIAN',
    'JOON',
    'JUNG',
    'KWANG',
  ],
  ...[
    'KYONG',
    'KYUNG',
    'LING',
    'MING',
    'MYUNG',
    'PING',
    'QING',
    'SANG',
    'SEUNG',
    'SOOK',
    'SUNG',
    'TIAN',
    'XIAO',
    'YEON',
  ],
  ...['YING', 'YONG', 'YOUNG', 'YUAN', 'ZHENG'],
];

/** Given names that are another name with its letters in another order, which twins may well bear: they are never sorted. */
export const NAMES_OF_ONE_SET_OF_LETTERS: readonly string[] = [
  ...[
    'AARON',
    'ADRIANA',
    'AIDAN',
    'ALAN',
    'ALICE',
    'ALINE',
    'AMAL',
    'AMINA',
    'AMIR',
    'AMY',
    'ANDRE',
    'ARIADNA',
    'ARIEL',
  ],
  ...[
    'ARNOLD',
    'BLAKE',
    'BRADY',
    'CALEB',
    'CARLA',
    'CARLO',
    'CARLOS',
    'CAROL',
    'CELIA',
    'CHRISTIAN',
    'CHRISTINA',
    'CLARA',
  ],
  ...[
    'CORAL',
    'DANIEL',
    'DARBY',
    'DARREN',
    'DEAN',
    'DELIA',
    'DIANA',
    'EDNA',
    'ELIAS',
    'ELISA',
    'ERIN',
    'ERNIE',
    'GARY',
  ],
  ...[
    'GRAY',
    'IAN',
    'IRENE',
    'JASON',
    'JONAS',
    'KAREN',
    'LAMA',
    'LANA',
    'LEAH',
    'LENA',
    'LEON',
    'LISA',
    'LYDIA',
    'MARC',
  ],
  ...[
    'MARIA',
    'MARIO',
    'MAY',
    'MIRA',
    'MONA',
    'MORIA',
    'MYA',
    'NADIA',
    'NAIMA',
    'NEAL',
    'NEDRA',
    'NEIL',
    'NINA',
    'NOEL',
    'NOLA',
  ],
  ...[
    'NORA',
    'NORMA',
    'OMAN',
    'RAMON',
    'RANDE',
    'ROLAND',
    'RONALD',
    'RORY',
    'ROY',
    'SILA',
    'SONJA',
    'TERESA',
    'THERESA',
  ],
];
