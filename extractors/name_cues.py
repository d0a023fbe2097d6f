"""Words beside which a name stands, and words that turn a name into something else.

Written for this project from how chat is written (DOMAIN 5.2, 5.6); every word is folded.
"""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _pairs(words: str) -> frozenset[str]:
    return frozenset(words.split("|"))


SPEAK_TO = _set(
    "tell told telling tellin ask asked asking askin dile diles preguntale preguntales dime dije "
    "digas avisale"
)
"""What is followed by a person, whatever the word."""

GREET = _set(
    "hey heyy heyyy hi hiya hello yo yoo aye ayy ay wya wyd thx thanks thank ty tysm thanx "
    "thankyou wassup wassap sup whatup wsp wsup gm gn gnite goodnight goodmorning morning bye "
    "byee hola oye oiga sorry sry hbd bday birthday cumpleanos congrats welcome wake luv warya "
    "warran adios gracias perdon please pls plz mija mijo walaal walaalo abaayo adeer eeddo "
    "salaam"
)
"""What is followed by the name of the person spoken to."""

ADDRESSED = _set(
    "wya wyd hmu u you ur call text txt pick answer where wheres whats lemme come send stop "
    "please pls plz can did r are hurry bring dont hit quit what who hows how why when you're "
    "youre yo lmk ven vente donde mandame ya im i'm its this wake dis happy thank thanks thx "
    "get let go give tell see is lets let's save owe i yall grab pass buy order add check "
    "watch wait look listen bring take use put talk love"
)
"""What follows the name of the person spoken to at the start of a message."""

SAYS = _set(
    "tol tole said says sayin sed told tells texted txted wants wanna owe owes knows thinks "
    "hates lied lyin nem trippin trippn asked textin talkin wit callin dm'd dmed snitched "
    "snitchin cryin cussin dice dijo quiere sabe anda vive debe manda viene llego llamo "
    "necesita trae pregunto replied answered laughed smiled agreed sighed wya loves drives "
    "lives workin works"
)
"""What only a person does: as the next word it makes a name of any word before it."""

DOES = _set(
    "is was has had got gotta gon gonna gone goin finna tryna need needs want n and & at here "
    "mad still left came comin coming went took gave paid pays wont won't cant can't dont don't "
    "didnt didn't isnt isn't aint ain't wasnt hasnt doesnt doesn't hit pulled stole sent made "
    "just always never be been bout off out up dead locked stay stays stayin fell lost bought "
    "forgot called calls runnin cookin actin sleep asleep outside home back will would used "
    "kept keeps turned started like really also y esta es tiene va fue era did does see saw "
    "gets runs plays played scored won loses beat beats vs"
)
"""What a person does among others: a weak cue."""

BEFORE = _set(
    "with w wit wid for to from call callin called calling text textin texted txt txted saw see "
    "seen met meet meetin know knew knows give gave pay paid send sent owe owed hit bring pick "
    "drop drove drive and n & or by about bout is was did does do wheres where's whos who's "
    "whose hows miss missed trust let lets made make makes help got get took take watch love "
    "loves hate hates like dating married marry fuck fucks beat visit when if cuz bc because "
    "cause but says said that than unless until till since con para por de y a e del visto vi "
    "llama llamale llamo manda conoces aka hope think heard where why"
)
"""What may stand before a name among other words: a weak cue."""

WITH = _set(
    "with w wit wid con call text callin textin saw seen met and n & from for pay paid owe y "
    "whos who's is wheres trust about bout dating miss where if give gave by hows"
)
"""The stronger part of BEFORE: before a word that ends its clause they name a person."""

KIN = _set(
    "girl friend sis sister bro brother cousin cuz cuzzo bf gf homie homegirl homeboy boy "
    "boyfriend girlfriend mom mother dad father bd bm son daughter niece nephew wife husband "
    "hubby wifey man boo lawyer attorney driver manager boss po landlord roommate neighbor "
    "coworker partner fiance bestie ex stepdad stepmom guy dude plug barber therapist teacher "
    "principal counselor advocate amiga amigo hermana hermano prima primo novia novio hija hijo "
    "jefe jefa companera companero author actor actress singer rapper player brotha sista baby "
    "twin nurse clerk owner colleague"
)
"""What a person is to somebody: ``my girl kiana``, ``su primo beto``."""

TITLES = _set(
    "mr mrs ms mx dr sgt sargent sergeant ofc officer det detective deputy sheriff judge "
    "pastor rev reverend prof professor chief coach capt captain lt agent atty attorney "
    "senator governor mayor president sir sra srta senor senora senorita don dona doctor "
    "doctora herr deacon principal madame lady dame"
)
"""Titles before a name."""

CHAT_TITLES = _set(
    "lil lil' lill lul yung og papa mama mamma tia tio uncle unc unk aunt auntie aunty "
    "tee-tee miss cousin cuz grandma granny nana big bigg young fat baby ol old dj mc king "
    "queen prince princess lady crazy money pretty skinny tall black red slim sweet dirty "
    "dutty fast little white chubby tito tita deacon principal professor sister brother "
    "brotha sista bro sis coach don dona el la los pops momma poppa slick doc captain sarge nurse"
)
"""What stands before a name and makes a moniker of both."""

EPITHETS = _set(
    "lil young yung king queen mama papa uncle unc auntie tio tia tito tita og dj mr mrs ms "
    "dr deacon coach principal prince princess granny"
)
"""Titles that make a moniker even of an ordinary word, where a strong cue says so."""

STRONG_TITLES = _set("lil lil' lill lul yung og tia tio uncle unc unk auntie aunty aunt dj mc")
"""Those that hardly stand before anything else but a person's name."""

KIN_TITLES = _set(
    "papa mama mamma tia tio uncle unc unk aunt auntie aunty grandma granny cousin cuz"
)

DETERMINERS = _set(
    "a an the my your ur yo his her hers their our this that these those some any no every each "
    "which what whatever more most much many few all both another other one two three four five "
    "six seven eight nine ten very so too real really hella mad such same first last next new "
    "old good bad big little hot cold great nice un una unos unas el la los las mi tu su mis "
    "tus sus este esta ese esa mucho mucha muy tan mas dis dat tha da de dem its it's"
)
"""Before them an ordinary word is an ordinary word."""

PRONOUNS = _set(
    "sting i u you he she it we they yall y'all ya me him us them this that the a an my your ur "
    "his her our their not be have do so i'm im ill they're all everything everyone everybody "
    "its it's someone somebody in out up off on"
)
"""After a word that may be a verb, they make it one (``will u``, ``hope i``, ``mark my``)."""

VERBS = _set(
    "hope will may mark chase grant rob sue pat drew love cash trip drop bill bless rich gene "
    "chance art wade case pierce trace lance bob harm grace jack nick skip hunt carry pick dash "
    "rush fame ray guy don ty can would page price faith joy merry carol harry flash dream "
    "smoke chill bounce blaze rain storm snow shine star frank rusty curt misty dusty"
)
"""Names and monikers that are verbs or the like too."""

ADJECTIVES = _set(
    "sunny windy icy rainy snowy cloudy foggy stormy sleepy hungry crazy lucky shady cheesy "
    "spicy salty sassy dirty dusty rusty misty nasty messy silly funny goofy grumpy happy "
    "jolly pretty lazy shiny fancy tiny skinny chubby picky sticky slick smooth savage wicked "
    "special unique lovely precious perfect dope chill fire fuego tough quick sweet swift "
    "bold red blue gold silver neon speedy sly peachy freezing solid legend karma magic "
    "trouble chaos"
)
"""Monikers that after ``its`` rather tell how it is."""

ENDEARMENTS = _set(
    "king queen princess prince angel honey sugar sunshine sweets boss chief champ major ace "
    "junior sonny buddy bud buck tiger bear love legend soldier lady pretty lovely precious "
    "gangsta player savage doll dolly dear monster goose beautiful handsome gordo gorda flaco "
    "flaca chiquita reina princesa loco loca mami papi viejo nena nene corazon cielo hermosa "
    "linda preciosa"
)
"""What one calls people who have other names (``wassup king``)."""

PREDICATES = _set(
    "mad trippin trippn comin lyin actin cryin sleepin drunk hungry outside omw otw late locked "
    "aint wont cant dont didnt doesnt isnt wasnt won't can't don't didn't ain't callin textin "
    "stay stays stayin finna wanna gotta needs went came paid gave sent lied left took bought "
    "stole snitched quit runnin cookin still always keep keeps kept workin ridin drivin waitin "
    "pulled want need going goin brought said blocked ghosted asleep sick crazy wrong right "
    "sorry answering answerin"
)
"""What a person does or is, said right after the name; things do and are so far more seldom."""

BELONGINGS = _set(
    "number num phone mom moms mama dad sister brother baby bday birthday cousin house crib place "
    "room girl man boyfriend bf gf girlfriend kid kids son daughter job ig insta snap cashapp "
    "hair shoes jacket car truck wife husband auntie uncle grandma friend friends last real name "
    "actual dog cat tattoo wallet "
    "purse party apt apartment cell charger hoodie lawyer ex dude bd bm"
)
"""What belongs to a person, said after the name."""

INTERJECTIONS = _set(
    "lol lmao fr frfr ngl tbh bro bruh sis girl man ugh ughh omg ok okay k kk welp well wait yo "
    "ayo ayy ay aye haha swear literally idk honestly nah naw yea yeah yup yep yes no damn dang "
    "dam smh look cap hey hi hello hola jaja oye pues mira wey guey compa bestie dude girrl gurl "
    "tho aight ight alright ooh oh ah aw wow whoa shit omfg istg deadass lowkey highkey son fam "
    "mija mijo amiga amigo oops lmfao hm hmm um uh bet right so fijate uy neta bueno finally "
    "and but cuz like because n manches geez sheesh yikes lawd oof ooh whew phew hmph anywho welp "
    "mkay jeez eh uff yall btw anyways anyway actually basically question plus alright hun boo "
    "bae seriously ope yikes"
)
"""Words before a clause that leave its subject its subject (``fr smoke said``)."""

CLOSERS = _set(
    "lol lmao lmfao smh fr frfr ngl tbh anyway anyways btw pls plz please bro bruh sis girl dude "
    "tho though already rn haha hahaha jaja jajaja idk omg istg deadass lowkey still too again "
    "yet now today tonight tonite tmrw tomorrow yesterday later tonite verdad porfa ahorita hoy "
    "manana gracias or finally literally right ok okay lately"
)
"""Words after which nothing more belongs to the clause before (``thx sierra anyway``)."""

IMPERATIVES = _set("stop quit answer hurry wake pick please pls plz chill relax listen wya wyd hmu")
"""What follows a name when its bearer is told to do something."""

ANIMATE = _set(
    "drove posted pregnant paying payin smokes smokin textin walkin ridin drivin sleepin workin "
    "working trippin trippn wylin mad lyin cryin actin asleep hungry drunk callin snitched "
    "stole lied wanna finna pulled locked ghosted aint ain't wont owes stay stays"
)
"""The surest of PREDICATES: enough even after the name of a thing or a word nobody lists."""

NOUNS = _set(
    "sting painting ring wedding morning evening nothing something anything everything thing "
    "king string spring building ceiling wing bling cleaning clothing shopping fishing hunting "
    "boxing racing dressing topping training parking wrapping frosting icing gardening lighting "
    "meeting reading again cabin pin chain rain skin coin train captain main brain vitamin "
    "penguin pumpkin satin basin muffin bin fin gin tin win twin grain drain spin begin cousin "
    "virgin admin bed seed feed need speed weed red shed sled hundred sacred bred breed"
)
"""Words that end like a verb's forms and are none."""

DOES_CAPITAL = _set(
    "got hit has had be need want went came took gave made lost fell broke woke ran"
)
"""Verb forms before which a bare ordinary noun in the singular does not stand: it is a name."""

ACTS = _set("call text say tell pay know txt hit ask owe answer reply leave want think")
"""After ``did X``: what only a person does."""

CALENDAR = _set(
    "tuesday thursday saturday april june may august january july march julio abril mayo "
    "agosto summer autumn spring winter friday wednesday sunday monday october domingo sabado "
    "enero easter noel christmas"
)
CALENDAR_BEFORE = _set(
    "of in on for by this next last until til till since late early mid every during before "
    "after from to de en el between and through thru all beginning end around"
)
"""Before a month or a day they leave it what it is."""

PLACE_WORDS = _set("in at from near to outside around into of toward towards across off via inside")
"""Prepositions after which a capitalised word nobody lists is rather a place or a firm."""

MASS = _set(
    "ice money smoke candy cookie cookies honey sugar cash coffee chips cheese chocolate butter "
    "salt gold silver rain snow storm water kush magic trouble chaos karma love faith hope joy "
    "peanut peanuts popcorn tequila champagne cinnamon peaches lemon mango cherry pepper "
    "pumpkin olive ginger beer drugs weed rust poison music jazz jelly toast spice cotton "
    "velvet silk lace summer winter sun moon sky sunday midnight energy heaven paradise ocean "
    "river fire gucci mercedes lexus porsche sunshine cupcake oreo skittles caramel mocha cocoa "
    "glitter lightning grace mercy patience peace cristal luz sol flor cielo nieves queen king "
    "prince dog dogs cat cats bear baby babies flowers rose roses diamonds pearl pearls stars "
    "angels"
)
"""Things one has, eats, sees: they need a cue that only a person bears."""

PLACE_BEFORE = _set(
    "in to at from near of around outside downtown leaving off into thru through toward towards "
    "visit visiting visited north south east west en desde hasta hacia uptown upper lower st "
    "saint fort ft mount mt port lake san santa new los el"
)
"""Before a name that is a place too they mean the place."""

PLACE_AFTER = _set(
    "mn wi ia nd sd il tx ca ny fl ga nc sc va pa oh mi az co nv or wa ks mo county city "
    "airport minnesota wisconsin iowa dakota texas california illinois area north south east "
    "west downtown suburb suburbs"
)

STREET_BEFORE = _set(
    "rua calle c rue via avenida av avda plaza paseo ul str strasse hospital universidad "
    "university instituto institute clinica colegio college escuela school church iglesia fort "
    "lake mount rio battle city town village port cape corner street road"
)
"""Before a name they make a street or an institution of it."""

FAMILY_THINGS = _set("stone lane day park lake field court bridge bay valley beach")
"""Family names among THING_AFTER."""

SPANISH_TO = _set("dile diles dije dijo pregunta preguntale llama marca")
"""Spanish verbs that with ``a`` lead to a person."""

CLITICS = _set("te me le les nos se ya lo la no si")
"""Small words between a Spanish subject and its verb."""

MODALS = _set(
    "should could might must began became would did does may will can shall tweeted joined"
)
"""What a person named by the family name does in prose."""

THING_AFTER = _set(
    "ave avenue st street rd road blvd boulevard dr drive ln lane ct court hwy highway pkwy "
    "parkway plaza park counties lake river creek mall center centre hospital clinic hotel "
    "motel inn suites casino airport station school university college academy church mosque "
    "temple library county bridge club bar grill cafe diner garage salon shop store market bank "
    "inc llc corp company stadium arena field building tower towers apartments apts brand bag "
    "bags jeans shoes shirt movie song album lyrics show concert festival game app website day "
    "burger burgers pizza network foundation society association department dept institute "
    "group news times post avenida calle award awards bros brothers cup league fc united "
    "records island islands pass route union way square terrace circle loop trail row junction "
    "crossing novel beach bay valley hills heights springs falls canyon mountain mountains "
    "forest exit cliffs points coves cove orchestra sons ltd plc consulting investments "
    "technologies holdings bus ramp stone stones clinic"
)
"""After a name they make a street, a venue or a brand of it."""


NOT_EXPLICIT = _set(
    "lol lmao lmfao smh fr ngl tbh haha bruh idk omg okay thx "
    "me you him her us them it i u he she we they back later when now asap if and or but so to "
    "for at on in of by not no yes yeah the a an that this it's its what who whats where how "
    "why tmrw tomorrow tonight again first before after once then cuz bc because pls please plz "
    "is are was be been am do did does have has had will would can could should your my his "
    "their our ur ya y'all yall one 911 it'll ok okay wit with w from about bout out up off "
    "over just only really very still never always ever either something someone somebody "
    "nobody anyone everybody everyone nothing names name fast slow quick quickly tha dat dis de "
    "que el la los las un una mi tu su y o en con para por ahora manana luego cuando si lo le "
    "les se te nos like as here there more all too also same other another new old in-law "
    "called own anything whatever whoever dinner tonite rn mine yours hers theirs u're doing "
    "going getting being brand calling dropping tag tags drop it'd supposed gonna gotta daddy "
    "zaddy baby babe bae boo papi papito mami mamita papa mama wifey wife hubby husband bitch "
    "hoe slut bro bruh sis fam mom mommy dad boyfriend girlfriend bf gf boss love sir ma'am "
    "every each last next yesterday everyday twice nonstop sometimes constantly straight right "
    "maam friend friends crazy stupid dumb ugly fat lies liar goat queen king princess"
)
"""Never a name, not even where a statement says that a name comes."""

NOT_TWINS = _set(
    "bye no ha he hee ho so yes yeah go now cha hey hi ok okay ya na nah la da ta ja blah yo "
    "knock tut there very bla wow haha oh ooh ah aw more night again same one two really too "
    "much many what why who when where wait stop please pls come run pom yum yay woo woop shh "
    "hush chop hop beep boo boom bang ding dong tick tock tik tap far long well me my you u up "
    "on in out ring win choo doo poo pee wee half never ever big bad good hot love work money "
    "girl baby mama si jaja jeje jiji ay will can may"
)
"""Words that are doubled without being a name (``bye bye``)."""

NOT_LETTER_NAMES = _set(
    "t-shirt t-shirts tshirt x-ray x-rays xray k-pop kpop a-list b-day bday c-section t-mobile "
    "u-haul y-axis x-axis e-mail email e-commerce e-bay ebay e-cig e-cigs v-neck i-phone iphone "
    "i-pad d-day v-day g-string o-ring l-shaped u-turn e-book e-pass t-bone s-class c-class "
    "j-walk a-hole f-bomb b-ball u-lock h-town e-file e-ticket e-transfer e-bike a-team x-box "
    "d-bag r-rated x-rated w-9 g-mail t-rex x-mas v-card q-tip q-tips k-mart z-pack a-game "
    "f-you n-word f-word b-word c-word e-sign i-pass s-curve c-store d-pad l-train i-beam "
    "a-frame j-term i'm"
)
"""One letter, hyphen, word: and yet no name."""

NOT_PAIRS = _pairs(
    "rock and|rock n|rock &|air jordan|air jordans|aunt jemima|average joe|baby boy|"
    "baby daddy|baby gap|"
    "baby girl|baby mama|baby phat|best buy|big baby|big ben|big boy|big bro|"
    "big daddy|big island|big lake|big lots|big mac|big man|big sis|black boy|"
    "black diamond|black friday|black girl|black hawk|black market|black pearl|"
    "black rose|bloody mary|burger king|calvin klein|captain morgan|cash money|"
    "charles schwab|dairy queen|dr pepper|eddie bauer|eden prairie|"
    "el sol|fannie mae|frank ocean|freddie mac|hail mary|hail marys|harley davidson|"
    "harry potter|jack box|jack daniel|jack daniels|jack o|jane doe|jimmy john|"
    "jimmy johns|john deere|john doe|johnny cash app|johnny walker|johns hopkins|"
    "johnson johnson|johnson wax|jp morgan|kay jewelers|king bed|king kong|king size|"
    "la luz|la paz|la rosa|lil baby|lil bit|lil bro|lil mama|lil man|"
    "lil sis|little caesar|little caesars|little canada|little debbie|little falls|"
    "little rock|louis vuitton|mama mia|martin luther|mary jane|mary kay|"
    "michaels craft|morning joe|mr clean|mr coffee|old lady|old man|old navy|"
    "old spice|papa john|papa john's|papa johns|papa murphy|papa murphys|pepe le|"
    "peter pan|queen bed|queen size|ralph lauren|red bull|red cross|red head|"
    "red lobster|red oak|red river|red robin|red rock|red rose|red roses|red velvet|"
    "red wing|saint paul|san diego|san jose|santa claus|santa maria|santa rosa|"
    "slim chance|fat chance|mac n|mac and|cherry on|jasper stone|sloppy joe|sloppy joes|"
    "st anthony|st cloud|st louis|st paul|st peter|sugar daddy|"
    "sweet baby|sweet love|tommy hilfiger|trader joe|trader joes|uncle ben|uncle bens|"
    "uncle sam|victoria secret|victorias secret|virgin mary|wells fargo|wendy lake|"
    "no biggie|debbie downer|murphys law|murphy's law|murphy law|charlie horse|charley horse|"
    "jeez louise|geez louise|earl grey|lady grey|mario kart|grace period|jersey shore|"
    "negative nancy|nervous nellie|chatty cathy|plain jane|smart alec|smart aleck|"
    "peeping tom|john hancock|uncle bob|bob ross|simon says|jolly rancher|jolly ranchers|"
    "jack frost|jack knife|jack hammer|jack pot|jack up|jack shit|jack squat|"
    "jack lantern|rosie cheeks|molly maid|apple pay|apple store|apple watch|apple music|"
    "apple tv|google pay|samsung pay|irish spring|irish butter|irish coffee|irish cream|"
    "chelsea boots|chelsea boot|marshall amp|marshall amps|cliff diving|cliff bar|cliff jumping|"
    "cliff notes|virginia ham|josh around|joshing around|graham crackers|graham cracker|"
    "bill due|bill collector|bill pay|frank about|faith in|hope for|hope chest|"
    "mercedes benz|tony awards|oscar awards|emmy awards|grammy awards|nelly furtado|"
    "caesar salad|cobb salad|benedict eggs|eggs benedict|ruben sandwich|alfredo sauce|"
    "chicken alfredo|fettuccine alfredo|shirley temple|arnold palmer|tom collins|roy rogers|"
    "teddy bear|teddy bears|barbie doll|barbie dolls|ken doll|polly pocket|rubik cube|"
    "doppler effect|lyme disease|parkinson disease|ferris wheel|"
    "white bear|white boy|white castle|white girl|white house|white rock|white rose|"
    "young lady|young man|young money"
)
"""Pairs of words that are brands, places, idioms or plain words though they look like a name."""

PARTICLES = _set("de la del los las van von der den da dos di du le el al bin ibn y mc st")
"""Small words inside a family name."""

SUFFIXES = _set("jr sr ii iii iv jnr snr esq phd md")
