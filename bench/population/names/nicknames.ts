/** Given names and the shorter or pet forms in common use, all unaccented lower case. */
const TABLE = `
james: jim jimmy jamie | robert: bob bobby rob robbie | john: jack johnny jon | william: bill billy will willie | richard: rick dick rich ricky | charles: charlie chuck chas
thomas: tom tommy | joseph: joe joey | david: dave davey | edward: ed eddie ted ned | ronald: ron ronnie | kenneth: ken kenny | raymond: ray | gerald: gerry jerry | eugene: gene
lawrence: larry lonnie | arthur: art artie | albert: al bert | frederick: fred freddie | leonard: len lenny leo | stanley: stan | michael: mike mick mickey | steven: steve | stephen: steve
timothy: tim timmy | daniel: dan danny | gregory: greg | dennis: denny | george: georgie | anthony: tony | douglas: doug | peter: pete | patrick: pat paddy | philip: phil | walter: walt wally
russell: russ | christopher: chris topher | matthew: matt | jeffrey: jeff | joshua: josh | andrew: andy drew | jonathan: jon jonny | benjamin: ben benji benny | nathan: nate | nathaniel: nate nat
nicholas: nick nicky | alexander: alex xander sasha | zachary: zach zack | jacob: jake | samuel: sam sammy | donald: don donnie | harold: hal harry | henry: hank harry | louis: lou louie
francis: frank fran | vincent: vince vinny | theodore: ted theo | bradley: brad | clarence: clare | reginald: reggie | cameron: cam | dominic: dom nick | elijah: eli | isaac: ike zack
mary: molly polly mamie | barbara: barb babs barbie | patricia: pat patty tricia trish | elizabeth: liz beth betty lisa eliza betsy libby | margaret: maggie peggy meg marge greta | dorothy: dot dottie
judith: judy | virginia: ginny | frances: fran frannie | martha: marty | beverly: bev | carolyn: carol | deborah: deb debbie debra | susan: sue susie | kathleen: kathy kate kay | catherine: cathy kate cat
katherine: kathy kate katie kay | cynthia: cindy | pamela: pam | sandra: sandy | theresa: terri tess | teresa: terry tess | christine: chris chrissy tina | christina: chris tina | jennifer: jen jenny
rebecca: becky becca | kimberly: kim kimmy | jessica: jess jessie | stephanie: steph | samantha: sam sammie | amanda: mandy | victoria: vicky tori | abigail: abby gail | madison: maddie | alexandra: alex sandra lexi
nicole: nikki | michelle: shelly | rachel: rae | angela: angie | melissa: missy mel | jacqueline: jackie | nancy: nan | janet: jan | evelyn: evie | eleanor: ellie nell | florence: flo | geraldine: gerry
isabella: bella izzy | olivia: liv livvy | emily: em emmy | charlotte: charlie lottie | natalie: nat | allison: allie | danielle: dani | gabrielle: gabby | josephine: jo josie | valerie: val | yolanda: yoli
jose: pepe che | francisco: paco pancho frank | jesus: chuy chucho | guadalupe: lupe lupita | ignacio: nacho | manuel: manny manolo | rafael: rafa | alejandro: alex ale | antonio: tony toño | alberto: beto
roberto: beto bob | eduardo: lalo eddie | enrique: quique kike henry | gerardo: gerry lalo | guillermo: memo bill | luis: lucho louie | miguel: mike migue | pedro: pete perico | ricardo: rick richie | salvador: chava sal
sergio: checo | vicente: chente | fernando: nando fer | gilberto: beto gil | ernesto: neto ernie | rosario: chayo | dolores: lola | consuelo: chelo | maria: mari | francisca: paca pancha | josefina: chepina pepita
isabel: chabela | graciela: chela | concepcion: concha | mercedes: meche | leticia: lety | veronica: vero | alejandra: ale sandra | gabriela: gaby | beatriz: bety | patricia: paty | margarita: mago rita | teresa: tere
mohammed: mo moe | mohamed: mo | abdullah: abdul | mustafa: moose | rajesh: raj | sanjay: jay | harpreet: harry | gurpreet: gary | manpreet: manny | lakshmi: lucky
`;

/** From a given name, unaccented and in lower case, to its short forms. */
export const NICKNAMES: ReadonlyMap<string, readonly string[]> = new Map(
  TABLE.split(/[|\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [name = '', forms = ''] = entry.split(': ');
      return [name, forms.split(' ')];
    }),
);

/** Names that are one name in another spelling: transliterations above all. Unaccented lower case. */
const SPELLINGS = `mohammed muhammad mohamed mohammad | ahmed ahmad | hussein hussain husain hossein | hassan hasan | yousef youssef yusuf | khalid khaled | omar umar | ibrahim ebrahim | abdullah abdallah
mahmoud mahmud | mustafa mostafa | aisha ayesha | maryam mariam | fatima fatma | zainab zaynab | layla leila laila | noor nour | said saeed sayed | nasser naser | rashid rasheed | sharif shareef | chowdhury choudhury chaudhry
rahman rehman | sheikh shaikh | siddiqui siddiqi | mukherjee mukherji | banerjee banerji | lakshmi laxmi | zhang chang | zhou chou | xu hsu | cai tsai | huang hwang | wu woo | lee yi rhee | park pak | choi choe | jung chung | cho jo | yoon yun
suh seo | yoo yu | ahn an | nguyen nguyeh | catherine katherine kathryn | sara sarah | ann anne | steven stephen | brian bryan | eric erik | jeffrey geoffrey | philip phillip | christine kristine | teresa theresa | deborah debra
hernandez hernandes | gonzalez gonzales | velasquez velazquez | vasquez vazquez | valdez valdes | rodriguez rodriquez | jimenez gimenez | mejia mexia | espinoza espinosa | chavez chaves | gomez gomes | perez peres | lopez lopes
esteban estevan | yesenia jessenia | jasmine yasmin | xiomara siomara | reyes reyez | cortez cortes | zavala zabala | avila abila | jonathan johnathan | alan allen | nicholas nicolas | isabel isabelle | rebecca rebekah | lewis louis | clark clarke
reed reid | meyer meier myer | schmidt schmitt | snyder snider | johnson johnston | thompson thomson | peterson petersen pedersen | hansen hanson | jensen jenson | carlson karlson | o'connor oconner | mcdonald macdonald | stewart stuart`;

/** From a name to its other spellings. */
export const OTHER_SPELLINGS: ReadonlyMap<string, readonly string[]> = new Map(
  SPELLINGS.split(/[|\n]/).flatMap((entry) => {
    const forms = entry.trim().split(' ');
    return forms.map((form): [string, string[]] => [form, forms.filter((other) => other !== form)]);
  }),
);
