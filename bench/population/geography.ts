import { scramble } from './random.ts';

/** The area of one ZIP code. */
export interface Area {
  readonly city: string;
  readonly state: string;
  readonly zip: string;
}

// State, population in hundred thousands, the ranges of its three-digit ZIP prefixes, and large cities with theirs.
const STATES = `AL 50 350-369 Birmingham:352 Montgomery:361 Mobile:366 Huntsville:358
AK 7 995-999 Anchorage:995 Fairbanks:997 Juneau:998
AZ 72 850-865 Phoenix:850 Tucson:857 Mesa:852 Glendale:853 Yuma:853
AR 30 716-729 Little Rock:722 Fort Smith:729 Fayetteville:727 Springdale:727
CA 390 900-908,910-928,930-961 Los Angeles:900 San Diego:921 San Jose:951 San Francisco:941 Fresno:937 Sacramento:958 Long Beach:908 Oakland:946 Bakersfield:933 Santa Ana:927 Anaheim:928 Riverside:925 Stockton:952 Chula Vista:919 Salinas:939 Oxnard:930
CO 58 800-816 Denver:802 Colorado Springs:809 Aurora:800 Pueblo:810 Fort Collins:805
CT 36 060-069 Bridgeport:066 New Haven:065 Hartford:061 Stamford:069 Danbury:068
DE 10 197-199 Wilmington:198 Dover:199
DC 7 200-203 Washington:200
FL 215 320-339,341-342,344-344,346-347,349-349 Miami:331 Jacksonville:322 Tampa:336 Orlando:328 Hialeah:330 Saint Petersburg:337 Fort Lauderdale:333 West Palm Beach:334 Fort Myers:339 Homestead:330
GA 107 300-319 Atlanta:303 Augusta:309 Columbus:319 Savannah:314 Dalton:307 Gainesville:305
HI 14 967-968 Honolulu:968 Hilo:967
ID 18 832-838 Boise:837 Nampa:836 Idaho Falls:834
IL 128 600-620,622-629 Chicago:606 Aurora:605 Rockford:611 Springfield:627 Peoria:616 Cicero:608 Waukegan:600
IN 68 460-479 Indianapolis:462 Fort Wayne:468 Evansville:477 South Bend:466
IA 32 500-516,520-528 Des Moines:503 Cedar Rapids:524 Sioux City:511 Davenport:528
KS 29 660-662,664-679 Wichita:672 Kansas City:661 Topeka:666 Garden City:678
KY 45 400-418,420-427 Louisville:402 Lexington:405 Bowling Green:421
LA 46 700-701,703-708,710-714 New Orleans:701 Baton Rouge:708 Shreveport:711 Lafayette:705
ME 14 039-049 Portland:041 Lewiston:042 Bangor:044
MD 62 206-212,214-219 Baltimore:212 Silver Spring:209 Hyattsville:207 Frederick:217 Salisbury:218
MA 70 010-027 Boston:021 Worcester:016 Springfield:011 Lowell:018 Lawrence:018 New Bedford:027
MI 100 480-499 Detroit:482 Grand Rapids:495 Lansing:489 Flint:485 Dearborn:481
MN 57 550-551,553-567 Minneapolis:554 Saint Paul:551 Rochester:559 Duluth:558
MS 29 386-397 Jackson:392 Gulfport:395 Biloxi:395
MO 62 630-631,633-641,644-658 Kansas City:641 Saint Louis:631 Springfield:658
MT 11 590-599 Billings:591 Missoula:598 Great Falls:594
NE 20 680-681,683-693 Omaha:681 Lincoln:685 Grand Island:688
NV 32 889-891,893-895,897-898 Las Vegas:891 Reno:895 Henderson:890
NH 14 030-038 Manchester:031 Nashua:030 Concord:033
NJ 93 070-089 Newark:071 Jersey City:073 Paterson:075 Elizabeth:072 Trenton:086 Camden:081 Union City:070 Passaic:070
NM 21 870-871,873-884 Albuquerque:871 Las Cruces:880 Santa Fe:875
NY 198 100-149 New York:100 Bronx:104 Brooklyn:112 Staten Island:103 Flushing:113 Jamaica:114 Far Rockaway:116 Buffalo:142 Rochester:146 Syracuse:132 Albany:122 Yonkers:107 Hempstead:115 Brentwood:117
NC 106 270-289 Charlotte:282 Raleigh:276 Greensboro:274 Durham:277 Winston Salem:271 Fayetteville:283
ND 8 580-588 Fargo:581 Bismarck:585
OH 118 430-458 Columbus:432 Cleveland:441 Cincinnati:452 Toledo:436 Akron:443 Dayton:454
OK 40 730-731,734-741,743-749 Oklahoma City:731 Tulsa:741 Lawton:735
OR 42 970-979 Portland:972 Salem:973 Eugene:974 Woodburn:970
PA 130 150-196 Philadelphia:191 Pittsburgh:152 Allentown:181 Reading:196 Erie:165 Scranton:185
RI 11 028-029 Providence:029 Pawtucket:028 Central Falls:028
SC 52 290-299 Columbia:292 Charleston:294 Greenville:296
SD 9 570-577 Sioux Falls:571 Rapid City:577
TN 69 370-385 Nashville:372 Memphis:381 Knoxville:379 Chattanooga:374
TX 295 750-770,772-799 Houston:770 Dallas:752 San Antonio:782 Austin:787 Fort Worth:761 El Paso:799 Laredo:780 Brownsville:785 McAllen:785 Arlington:760 Corpus Christi:784 Lubbock:794 Pasadena:775 Irving:750
UT 33 840-847 Salt Lake City:841 Provo:846 Ogden:844 West Valley City:841 Saint George:847
VT 6 050-054,056-059 Burlington:054 Rutland:057
VA 86 220-246 Virginia Beach:234 Richmond:232 Norfolk:235 Arlington:222 Alexandria:223 Falls Church:220 Manassas:201
WA 77 980-986,988-994 Seattle:981 Spokane:992 Tacoma:984 Yakima:989 Vancouver:986
WV 18 247-268 Charleston:253 Huntington:257
WI 59 530-532,534-535,537-549 Milwaukee:532 Madison:537 Green Bay:543 Waukesha:531
WY 6 820-831 Cheyenne:820 Casper:826
PR 32 006-007,009-009 San Juan:009 Ponce:007 Caguas:007 Bayamón:009 Carolina:009 Mayagüez:006 Arecibo:006 Guaynabo:009
AE 1 090-098 APO:090 FPO:095 DPO:098
AP 1 962-966 APO:962 FPO:966`;

const BEGINNINGS =
  `Ash Brook Cedar Clear Dun Eagle Elm Fair Glen Green Hamp Harris Jack Kings Lake Lin Maple Mill Nor Oak Pine Plain River Rose Salem Sil Spring Stan Wal Wake West White Wil Win Wood`.split(
    ' ',
  );
const ENDINGS = `ville ton field burg dale wood ford port land ham mont side view brook bury`.split(' ');
const FRONTS = [
  '',
  '',
  '',
  '',
  '',
  '',
  'North ',
  'South ',
  'East ',
  'West ',
  'Saint ',
  'Mount ',
  'New ',
  'Lake ',
  'Fort ',
  'Port ',
];

/** One ZIP code for about so many hundred thousand people. */
const ZIPS_PER_UNIT = 4;

/** Every area; each has a ZIP code of its own, within the prefixes of its state, and a state has as many as its people need. */
export const AREAS: readonly Area[] = STATES.split('\n').flatMap(areasOfState);

function areasOfState(line: string): Area[] {
  const [, state = '', people = '', ranges = '', cityText = ''] =
    /^(\S+) (\S+) (\S+)(?: (.*))?$/.exec(line) ?? [];
  const prefixes = ranges.split(',').flatMap(prefixesOf);
  const cities = [...cityText.matchAll(/(\S.*?):(\d{3})/g)].map(([, city = '', prefix = '']) => ({
    city,
    prefix,
  }));
  const total = Math.max(Number(people) * ZIPS_PER_UNIT, prefixes.length);
  const used = new Map<string, number>();
  const next = (prefix: string): string => {
    const count = used.get(prefix) ?? 0;
    used.set(prefix, count + 1);
    return `${prefix}${String((count * 7 + 1) % 100).padStart(2, '0')}`;
  };
  const urban = Math.floor((total * 0.55) / Math.max(cities.length, 1));
  const areas: Area[] = cities.flatMap(({ city, prefix }, rank) => {
    const share = Math.max(1, Math.min(30, Math.round((urban * 2) / (1 + rank / 3))));
    return Array.from({ length: share }, () => prefix)
      .filter((own) => (used.get(own) ?? 0) < 60)
      .map((own) => ({ city, state, zip: next(own) }));
  });
  const isMilitary = state === 'AE' || state === 'AP';
  for (let index = 0; areas.length < total && index < 50 * total; index++) {
    const prefix = prefixes[index % prefixes.length] ?? '';
    if ((used.get(prefix) ?? 0) >= 95) continue;
    const zip = next(prefix);
    areas.push({ city: isMilitary ? 'APO' : townName(Number(zip)), state, zip });
  }
  return areas;
}

function prefixesOf(range: string): string[] {
  const [first = '', last = first] = range.split('-');
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) =>
    String(Number(first) + index).padStart(3, '0'),
  );
}

function townName(zip: number): string {
  const code = scramble(zip);
  const pick = (values: readonly string[], shift: number): string =>
    values[(code >>> shift) % values.length] ?? '';
  return `${pick(FRONTS, 0)}${pick(BEGINNINGS, 4)}${pick(ENDINGS, 12)}`;
}
