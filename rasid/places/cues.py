"""Words that tell whether a name beside them is a place: in, the town of, Mr., Street."""

from __future__ import annotations

from typing import Final

from rasid.places.feature_words import BUILDINGS, LAKES, LAND, ROADS, SCHOOLS, SITES, STREETS
from rasid.text.fold import fold_text


class Cue:
    """What a word says of a name beside it, as bits (plain numbers: they are asked for often)."""

    NONE: Final = 0
    IN: Final = 1  # the name after it is where something is
    TOWN: Final = 2  # the name beside it is a town's or a place's within one
    AREA: Final = 4  # the name beside it is an area's: governorate, county
    SIDE: Final = 8  # north, central: a part of what follows
    PERSON: Final = 16  # the name after it is a person's
    GIVEN: Final = 32  # it is itself a given name
    BODY: Final = 64  # with the name before it, it is called something else: University, Times
    STREET: Final = 128  # with the name before it, it is a street
    VERB: Final = 256  # what people do, and towns seldom
    FAMILY: Final = 512  # it is itself a family name
    NOTHING: Final = 1024  # a day, a month, a feast, a company: no place, though one is called so
    FEATURE: Final = 2048  # with the name before it, it is a street, a river, a building
    NAMES: Final = 4096  # with the name after it, it is one
    OF: Final = 8192  # and one that lies where its name says: airport, township
    LAND: Final = 16384  # its name is the one after it alone: نهر بردى
    SCHOOL: Final = 32768  # one where people learn, which may be called after anything


_IN: Final = """
over above sur über sobre su üzerinde in at near from outside inside across throughout toward
towards into around between via à au aux en dans près vers depuis de d du bei nahe aus nach von im
cerca desde hacia a hasta vicino presso da nel nella em no na в во под из у около возле близ к до
із біля поблизу від في من إلى الى قرب باتجاه نحو عند داخل خارج بين على عبر صوب تجاه لدى در از به
نزدیک سمت לעבר ליד סמוך מעל לכיוון באזור li ji ber nêzîkî لە بۆ
"""
_TOWN: Final = """
town city village suburb outskirts downtown hamlet neighborhood neighbourhood township capital
port airport base camp crossing ville commune banlieue quartier stadt dorf gemeinde vorort ciudad
pueblo aldea localidad città paese villaggio cidade город города городе городу городом село села
селе поселок поселке деревня деревне окраина місто міста місті місту селі селище селища şehri
belediyesi belediye büyükşehir valiliği valisi kaymakamlığı
şehir ilçesi ilçe köyü köy kasabası kenti مدينة بلدة قرية ريف بادية حي ضاحية ناحية مخيم مطار
معبر ميناء أطراف محيط مشارف عاصمة العاصمة حقل قاعدة بلدات قرى مدن مدينتي بلدتي شهر
روستای شهرستان עיר העיר כפר עיירה
"""
_AREA: Final = """
county parish province governorate state oblast region district prefecture canton territory
peninsula island islands valley republic countryside municipality department département région
gouvernorat bundesland provinz kreis landkreis provincia estado departamento región regione
область области областью районе район района республика республики край крае області району
провінція провінції ili eyaleti bölgesi vilayeti محافظة ولاية إقليم منطقة قضاء جمهورية إمارة دولة
مملكة جزيرة شبه لواء مقاطعة استان ولایت מחוז נפת
"""
_SIDE: Final = """
north south east west northern southern eastern western central northeast northwest southeast
southwest northeastern northwestern southeastern southwestern upper lower greater nord sud est
ouest norte sur este oeste север юг восток запад севере юге востоке западе північ південь схід
захід півночі півдні сході شمال جنوب شرق غرب وسط شرقي غربي شمالي جنوبي
"""
_PERSON: Final = """
mr mrs ms dr prof sen rep gov sgt lt capt col gen cpl pvt maj cmdr adm rev sir lady lord judge
justice president senator representative governor mayor sheriff officer detective deputy coach
trooper pastor bishop chancellor secretary minister director chairman chairwoman spokesman
spokeswoman attorney superintendent councilman councilwoman commissioner professor doctor captain
sergeant lieutenant general colonel chief king queen prince princess pope saint named monsieur
madame herr frau señor señora signor президент министр генерал господин الرئيس السيد الشيخ الدكتور
اللواء العميد العقيد الوزير المهندس الأستاذ القاضي النائب السفير الأمير الملك الفنان الشاعر الكاتب
المدرب اللاعب الشهيد السلطان الخليفة الإمام النبي المقدم الرائد النقيب الملازم الفريق المشير
الجنرال القائد الناشط المحامي الصحفي الصحافي الإعلامي الحاج المرحوم الدكتورة السيدة الأميرة
الملكة البابا بن أبو ابن عبد
"""
_BODY: Final = """
university college school institute academy hospital church cathedral museum library theater
theatre hotel stadium arena bank company corp inc co ltd llc times news post herald tribune
journal gazette press daily chronicle examiner union club fc united association foundation center
centre hall house party institution society group industries motors airlines airways records
building tower mall plaza bridge cup league derby open classic festival orchestra symphony ballet
opera act bill treaty accord agreement declaration protocol convention team football basketball
baseball soccer hockey منتخب ريال أتلتيكو أتلتيك يونايتد سيتي كأس دوري جامع كنيسة جامعة قناة صحيفة
مستشفى نادي فريق بنك شركة معهد مسرح فندق جريدة وكالة مراسل إذاعة تلفزيون أبطال أمم
سبورتينغ سبورتنج سبورتنغ سبورتينج اتلتيكو اتلتكو اتليتكو مونديال מכבי הפועל
ביתר
"""
# clubs are called so after their town: مانشستر يونايتد
_CLUBS: Final = """
يونايتد سيتي تاون كاونتي روفرز واندررز أثلتيك أتلتيك هوتسبير ألبيون فورست أرجايل ألكسندرا
"""
_STREET: Final = """
street st avenue ave road rd boulevard blvd drive dr lane ln highway hwy parkway pkwy court ct
place pl way route freeway turnpike expressway trail circle terrace pike square شارع طريق ساحة
"""
_VERB: Final = """
said says told added asked wrote thinks believes smiled laughed testified recalled joked hopes
went came felt knew plays played scores scored married قال وقال أضاف وأضاف صرح أكد كتب
"""

_NOTHING: Final = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june
july august september october november december christmas easter passover ramadan hanukkah
thanksgiving halloween god lord bible mass lent no yes police army navy toyota ford honda nissan
walmart wal mart google apple chrysler boeing sony nokia bell sprint target republican arab arabs
olympic olympics hamas fatah democrat democratic republicans democrats christian muslim jewish
catholic lutheran baptist methodist internet web facebook twitter youtube هو هي هم هن هذا هذه ذلك
تلك الذي التي كان كانت كنت كانوا يكون تكون ليس سنة عام يوم شهر أول اول اولى ثاني ثالث كبير كبيرة
كبرى كبار صغير أكبر بعد قبل كل بعض غير مع عن أن إن قد لقد حيث حين عندما كما ثم أو أم لا ما لم لن
منذ خلال أثناء ضد حول رغم أي كيف لماذا أين متى هناك هنا لكن بل إذا لو جدا فقط أيضا معظم جميع نفس
عدة بنى بنت جديد جديدة قديم قديمة لون ألوان شرقية غربية شمالية جنوبية شرقي غربي مركزي وسطى
اللذان اللذين اللتان اللتين الذين اللاتي اللواتي
"""

# given names that news is full of, in English and as English writes Arabic, Russian, Spanish
_GIVEN: Final = """
james john robert michael william david richard joseph thomas charles christopher daniel matthew
anthony mark donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward
jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin
samuel gregory alexander frank patrick raymond jack dennis jerry tyler aaron jose adam nathan
henry douglas zachary peter kyle ethan walter noah jeremy christian keith roger terry austin sean
gerald carl harold dylan arthur lawrence jordan jesse bryan billy bruce gabriel joe logan alan
juan albert willie elijah wayne randy vincent mason roy ralph bobby russell bradley philip eugene
mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra
margaret ashley kimberly emily donna michelle carol amanda melissa deborah stephanie dorothy
rebecca sharon laura cynthia amy kathleen angela shirley brenda emma anna pamela nicole samantha
katherine christine helen debra rachel carolyn janet maria catherine heather diane olivia julie
joyce victoria ruth virginia lauren kelly christina joan evelyn judith andrea hannah megan cheryl
jacqueline martha madison teresa gloria sara janice ann kathryn abigail sophia frances jean alice
judy isabella julia grace amber denise danielle marilyn beverly charlotte natalie theresa diana
brittany doris kayla alexis lori marie tom tim jim bob bill mike dave dan steve chris jeff greg
ken ron don rick nick matt andy tony ted fred sam ben max alex ed ray jay lee leo glenn craig todd
brad chad derek curtis marcus travis shane dale dean earl clarence ernest stanley leonard barack
hillary condoleezza dick al harry mitch newt mohammed mohammad muhammad mohamed ahmed ahmad ali
hassan hussein omar khalid ibrahim yusuf yousef abdullah abdul mahmoud mustafa bashar saddam osama
tariq karim jamal nasser fatima aisha layla mariam vladimir dmitry dmitri sergei sergey alexei
alexey nikolai ivan mikhail boris yuri igor oleg andrei anton viktor volodymyr petro svetlana
natasha olga tatiana carlos luis jorge miguel pedro pablo diego fernando antonio manuel francisco
javier rafael hugo raul ricardo alberto eduardo roberto pierre jacques michel françois nicolas
philippe hans klaus jürgen wolfgang silvio mahmud recep tayyip ehud ariel shimon yitzhak avigdor
mikheil
"""

# and as Arabic writes those of other lands, and its own that are no other word
_GIVEN_IN_ARABIC: Final = """
جون جورج مايكل ديفيد دافيد بيتر روبرت وليام ويليام هنري شارل تشارلز فيليب لويس فرانسوا
نيكولا جاك بيير ميشيل إيمانويل أنجيلا هانز كارل فريدريش ألكسندر فلاديمير بوريس سيرغي سيرجي ديمتري
ميخائيل نيكولاي إيفان يوري دونالد باراك هيلاري جوزيف توماس ريتشارد ستيف ستيفن جيمس ريكاردو كارلوس
خوسيه خوان أنطونيو ماريو ماركو روبرتو باولو جواو راؤول ميغيل بابلو دييغو فرناندو أليكس كريستيانو
ألبرت ألفريد إدوارد محمد أحمد محمود مصطفى إبراهيم إسماعيل يوسف عبدالله حسين هارون عثمان مروان
ياسر بشار صدام معمر
"""

# family names that many people have and that towns are called by as well
_FAMILY: Final = """
smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez
wilson anderson thomas taylor moore jackson martin lee perez thompson white harris sanchez clark
ramirez lewis robinson walker young allen king wright scott torres nguyen hill flores green adams
nelson baker hall rivera campbell mitchell carter roberts gomez phillips evans turner diaz parker
cruz edwards collins reyes stewart morris morales murphy cook rogers gutierrez ortiz morgan cooper
peterson bailey reed kelly howard ramos kim cox ward richardson watson brooks chavez wood bennett
gray mendoza ruiz hughes price alvarez castillo sanders patel myers long ross foster jimenez
powell jenkins perry russell sullivan bell coleman butler henderson barnes fisher vasquez simmons
graham murray ford castro hamilton griffin wallace moreno west cole hayes bryant gibson ellis
stevens harrison fernandez mcdonald woods kennedy wells alexander reynolds stone hunter palmer
robertson black holmes rose knight dunn lane burke rice ferguson crawford hunt mason dixon fox
hudson arnold weaver payne perkins tucker porter hicks webb simpson gordon shaw henry freeman
carpenter chapman gilbert lawson wagner olson snyder willis duncan andrews hawkins ray meyer
walters jordan fowler day schmidt banks gardner hansen obrien oconnor clinton bush obama lincoln
johnston wilkinson spencer stephens lawrence elliott franklin gibbs reid cunningham montgomery
warren marshall owens chandler abbas assad khan singh abu haddad mansour hamdan salem nasrallah
sharon peres
"""

_TABLES: Final = (
    (_IN, Cue.IN), (_TOWN, Cue.TOWN), (_AREA, Cue.AREA), (_SIDE, Cue.SIDE),
    (_PERSON, Cue.PERSON), (_BODY, Cue.BODY), (_STREET, Cue.STREET), (_VERB, Cue.VERB),
    (_GIVEN, Cue.GIVEN), (_GIVEN_IN_ARABIC, Cue.GIVEN), (_FAMILY, Cue.FAMILY),
    (_NOTHING, Cue.NOTHING),
    (ROADS, Cue.FEATURE), (SITES, Cue.FEATURE | Cue.OF), (LAKES, Cue.NAMES),
    (STREETS, Cue.NAMES), (BUILDINGS, Cue.NAMES | Cue.OF), (LAND, Cue.NAMES | Cue.OF | Cue.LAND),
    (SCHOOLS, Cue.NAMES | Cue.OF | Cue.SCHOOL),
)  # fmt: skip


def _read() -> dict[str, int]:
    found: dict[str, int] = {}
    for text, cue in _TABLES:
        for word in text.split():
            folded = fold_text(word)
            found[folded] = found.get(folded, Cue.NONE) | cue
    return found


CUES: Final = _read()
CLUBS: Final = frozenset(map(fold_text, _CLUBS.split()))
# names of people that have accents: François
ACCENTED: Final = frozenset(w for w in (_GIVEN + _FAMILY).split() if not w.isascii())
