"""Our own words for countries, regions and states in sixteen languages."""

from __future__ import annotations

import json
from collections import defaultdict
from importlib.resources import files

import pytest
from babel import Locale

from rasid.places import geonames
from rasid.places.model import Means
from rasid.places.names import key
from rasid.places.own_words import (
    LANGUAGES,
    WordOf,
    countries,
    displayed,
    not_places,
    regions,
    words,
)

ALL = tuple(words())
BY_TEXT: dict[tuple[str, str], set[str]] = defaultdict(set)
for each in ALL:
    BY_TEXT[each.language, each.text].add(each.identity)

NOT_COUNTRIES = {"CQ", "EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
SHARED = {("CD", "CG"), ("DM", "DO"), ("MF", "SX"), ("VG", "VI"), ("NE", "NG")}

POSITIVE = {
    "ar": "سوريا=SY سورية=SY سوري=SY سوريون=SY سوريين=SY سوريات=SY اللبنانيون= لبناني=LB أمريكي=US "
    "أميركي=US الأردن=JO عمان=OM أتراك=TR تركية=TR الروس=RU مصر=EG بريطانيا=GB إسرائيل=IL "
    "اسرائيل=IL إيرانيون=IR السعودية=SA هنود=IN فلسطينيين=PS الصين=CN أوكرانيا=UA صوماليون=SO",
    "en": "Syria=SY Syrian=SY Syrians=SY U.S.=US USA=US UK=GB U.K.=GB UAE=AE Burma=MM Britain=GB "
    "Frenchmen=FR Dutch=NL Turkey=TR Turk=TR Lebanese=LB Filipino=PH Emiratis=AE Türkiye=TR "
    "Swiss=CH Chadian=TD Kosovar=XK Holland=NL Poles=PL",
    "fr": "Syrie=SY syrien=SY syrienne=SY syriennes=SY libanais=LB libanaises=LB turque=TR "
    "grecs=GR Suisse=CH RDC=CD malien=ML russes=RU centrafricaine=CF américaines=US afghane=AF",
    "de": "Syrien=SY Syriens=SY syrisch=SY syrische=SY syrischem=SY Syrerinnen=SY Syrern=SY "
    "Russen=RU Französin=FR Türkei=TR deutschen=DE Türken=TR Ukrainerin=UA Irans=IR USA=US",
    "es": "Siria=SY sirios=SY siria=SY francesa=FR alemanas=DE marroquíes=MA estadounidense=US "
    "EE.UU.=US EEUU=US catalán= españolas=ES israelíes=IL Birmania=MM",
    "it": "Siria=SY siriana=SY siriani=SY tedeschi=DE tedesca=DE turche=TR libico=LY francesi=FR "
    "Paesi= belga=BE israeliane=IL",
    "pt": "Síria=SY sírios=SY alemãs=DE francesa=FR EUA=US espanhóis=ES Irão=IR europeia= "
    "iemenitas=YE",
    "ru": "Сирия=SY Сирии=SY Сирию=SY Сирией=SY сирийский=SY сирийскими=SY сирийцы=SY сириец=SY "
    "сирийца=SY США=US РФ=RU россиян=RU россияне=RU Египте=EG турки=TR американца=US немцев=DE "
    "Ираке=IQ Мали=ML Конго=CG Ливана=LB украинка=UA болгары=BG",
    "uk": "Сирія=SY Сирії=SY Сирією=SY сирійський=SY сирійської=SY сирійців=SY росіяни=RU США=US "
    "Україні=UA Німеччини=DE німців=DE українець=UA Америці=US турків=TR",
    "tr": "Suriye=SY Suriyede=SY Suriyeli=SY Suriyeliler=SY Suriyelilerin=SY Rus=RU Ruslar=RU "
    "Meksikalıları=MX Şilililer=CL "
    "ABD=US İngiltere=GB Irakta=IQ Almanya=DE Almanların=DE İranlılar=IR",
    "fa": "مکزیکی=MX کنیایی=KE سوریه=SY سوری=SY سوری‌ها= لبنانی=LB "
    "آمریکا=US آمریکای=US روسیه=RU اسراییل=IL ایران=IR",
    "he": "סוריה=SY סורי=SY סורית=SY סורים=SY סוריים=SY סוריות=SY לבנון=LB מצרים=EG טורקיה=TR "
    "רוסים=RU אמריקאית=US קטאר=QA",
    "zh": "叙利亚=SY 敘利亞=SY 美国=US 美國=US 俄方=RU 阿联酋=AE 中方=CN 英国=GB 台湾=TW",
    "ja": "シリア=SY 米国=US 米軍=US 英国=GB 中国=CN 韓国=KR 北朝鮮=KP",
    "ku": "Sûriye=SY Sûriyeyê=SY Tirkiye=TR Tirkiyeyê=TR sûrî=SY Iraqê=IQ Emerîka=US",
    "ckb": "سووریا=SY سوریا=SY تورکیا=TR عێراقی=IQ ئەمریکا=US ئێرانی=IR",
}


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        (lang, *pair.split("="))
        for lang, pairs in POSITIVE.items()
        for pair in pairs.split()
        if pair[-1] != "="
    ],
)
def test_a_word_of_a_country(language, text, code):
    assert f"country:{code}" in BY_TEXT[language, text]


@pytest.mark.parametrize(
    ("language", "text", "identity"),
    [
        ("ru", "Южной Кореей", "country:KR"),
        ("ru", "Саудовской Аравии", "country:SA"),
        ("ru", "Боснией и Герцеговиной", "country:BA"),
        ("ru", "Объединённых Арабских Эмиратов", "country:AE"),
        ("ru", "Южном Судане", "country:SS"),
        ("ru", "Берегу Слоновой Кости", "country:CI"),
        ("ru", "Шри-Ланке", "country:LK"),
        ("ru", "Ближнего Востока", "region:middle-east"),
        ("ru", "Чёрном море", "region:black-sea"),
        ("uk", "Південної Кореї", "country:KR"),
        ("uk", "Великою Британією", "country:GB"),
        ("uk", "Республіки Корея", "country:KR"),
        ("tr", "Amerika Birleşik Devletleri", "country:US"),
        ("tr", "Birleşik Arap Emirliklerinin", "country:AE"),
        ("ar", "كوريا الشمالية", "country:KP"),
        ("ar", "البوسنة والهرسك", "country:BA"),
        ("en", "Bosnia and Herzegovina", "country:BA"),
        ("en", "DR Congo", "country:CD"),
        ("fr", "Corée du Nord", "country:KP"),
        ("he", "ערב הסעודית", "country:SA"),
        ("zh", "中美关系", "country:US"),
        ("zh", "中美关系", "country:CN"),
        ("ja", "日韓首脳", "country:KR"),
        ("en", "Va.", "US-VA"),
        ("en", "W.Va.", "US-WV"),
        ("en", "S.C.", "US-SC"),
        ("en", "Texans", "US-TX"),
        ("en", "Californian", "US-CA"),
        ("en", "Scottish", "GB-SCT"),
        ("en", "Welshmen", "GB-WLS"),
        ("ar", "الضفة الغربية", "region:west-bank"),
        ("ar", "الجولان", "region:golan"),
        ("ar", "البادية السورية", "region:syrian-desert"),
        ("fa", "تنگه هرمز", "region:hormuz"),
        ("ku", "Rojava", "region:rojava"),
        ("ckb", "هەرێمی کوردستان", "region:iraqi-kurdistan"),
        ("en", "Latin Americans", "region:latin-america"),
        ("en", "USSR", "region:soviet-union"),
        ("de", "Schwarzen Meer", "region:black-sea"),
    ],
)
def test_a_word_of_a_place(language, text, identity):
    assert identity in BY_TEXT[language, text]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "مالي"), ("ar", "المالي"), ("ar", "قمري"), ("ar", "ألبان"), ("ar", "المتوسط"),
        ("ar", "الصعيد"), ("ar", "القطاع"), ("ar", "العربية"), ("ar", "عربي"), ("ar", "مجري"),
        ("ar", "هند"), ("fa", "مالی"), ("fa", "ترک"), ("fa", "کرد"), ("fa", "چک"),
        ("en", "turkey"), ("en", "polish"), ("en", "English"), ("en", "Arab"), ("en", "Hebrew"),
        ("en", "Latin"), ("en", "us"), ("en", "china"), ("en", "Finn"), ("en", "Dane"),
        ("en", "Pole"), ("en", "Salvador"), ("en", "in"), ("en", "Me."), ("en", "VA"),
        ("he", "דני"), ("he", "לובי"), ("he", "תאי"), ("he", "פרס"), ("he", "עברית"),
        ("ru", "Того"), ("ru", "того"), ("uk", "Того"), ("ru", "чад"), ("fr", "Maurice"),
        ("fr", "chine"), ("fr", "Tigre"), ("zh", "中非"), ("zh", "对华"), ("zh", "日美"),
        ("zh", "海地区"), ("ja", "北海"), ("tr", "mısır"), ("tr", "hindi"), ("ckb", "مالی"),
        ("es", "chile"), ("de", "englisch"), ("ar", "اليمنى"),
        ("tr", "Maliye"), ("ar", "بنين"), ("ar", "المجري"),
        ("ar", "روس"), ("ar", "كيني"), ("ar", "جورجي"), ("fa", "غنایی"), ("fa", "چکی"),
    ],
)  # fmt: skip
def test_what_is_a_common_word_is_none_of_a_country(language, text):
    assert not BY_TEXT.get((language, text))


def test_all_countries_have_words_and_a_name_in_every_language():
    known = {code for code in Locale("en").territories if len(code) == 2} - NOT_COUNTRIES
    assert set(countries()) == known
    named = {(w.identity, w.language) for w in ALL if w.means is Means.NAME}
    languages = {language.partition("_")[0] for language in LANGUAGES} - {"ckb"}
    missing = [(code, lang) for code in countries() for lang in languages
               if (f"country:{code}", lang) not in named]  # fmt: skip
    assert missing == []


def test_two_countries_share_a_word_only_where_they_do():
    shared = defaultdict(set)
    for word in ALL:
        if word.identity.startswith("country:") and word.language not in ("zh", "ja"):
            shared[word.language, key(word.text)].add(word.identity.removeprefix("country:"))
    pairs = {tuple(sorted(codes)) for codes in shared.values() if len(codes) > 1}
    assert pairs <= SHARED


def test_a_short_form_is_written_as_it_stands():
    short = [word for word in ALL if word.means is Means.SHORT]
    assert WordOf("country:US", "US", Means.SHORT, "en") in short
    assert all(word.text[0].isupper() for word in short)


def test_no_form_is_given_twice_or_empty():
    assert len(ALL) == len(set(ALL))
    assert all(word.text.strip() == word.text and key(word.text) for word in ALL)
    assert len(ALL) < 100_000


def test_regions_lie_where_and_within_what_exists():
    known = {region.id for region in regions()} | {f"country:{code}" for code in countries()}
    assert len(known) - len(countries()) >= 100
    for region in regions():
        assert -90 <= region.lat <= 90
        assert -180 <= region.lon <= 180
        named = {*region.within, *region.contains} - known
        assert named == geonames.ids(named).keys()  # codes of ISO 3166-2
        assert "country:SY" in region.contains or region.id != "region:middle-east"


def test_every_region_is_named_in_english_and_most_in_arabic():
    named = {(w.identity, w.language) for w in ALL}
    ids = [region.id for region in regions()]
    assert all((identity, "en") in named for identity in ids)
    assert sum((identity, "ar") in named for identity in ids) > 0.9 * len(ids)


def test_turkish_names_have_cases_and_no_plural():
    forms = {w.text for w in ALL if w.language == "tr" and w.identity == "country:US"}

    assert {"Amerika Birleşik Devletlerinde", "Amerika Birleşik Devletlerine"} <= forms
    assert not any("Devletlerileri" in form or "Devletlerisi" in form for form in forms)
    japanese = {w.text for w in ALL if w.language == "tr" and w.identity == "country:JP"}
    assert "Japonyada" in japanese
    assert "Japonyalar" not in japanese


def test_phrases_that_only_look_like_places():
    assert ("Guinea pig", "en") in set(not_places())
    assert ("沿海地区", "zh") in set(not_places())


@pytest.mark.parametrize(
    ("identity", "language", "shown"),
    [
        ("country:SY", "ar", "سوريا"),
        ("country:SY", "ru", "Сирия"),
        ("country:DE", "ku", "Almanya"),
        ("country:HK", "de", "Hongkong"),
        ("country:SY", "pt", "Síria"),
        ("region:sahel", "ru", "Сахель"),
        ("region:africa", "ja", "アフリカ"),
        ("US-VA", "ar", "فرجينيا"),
    ],
)
def test_a_place_has_a_name_in_the_language_of_the_desk(identity, language, shown):
    assert displayed(language)[identity] == shown


def test_the_files_say_each_thing_once():
    for name in ("countries", "regions", "subdivisions", "not_places"):
        text = files("rasid.places").joinpath(f"data/{name}.json").read_text("utf-8")
        json.loads(text, object_pairs_hook=_no_key_twice)
        assert max(map(len, text.splitlines())) < 700


def _no_key_twice(pairs):
    assert len(dict(pairs)) == len(pairs), pairs
    return dict(pairs)


def test_what_two_letters_mean_does_not_hang_on_the_hashes_of_this_process():
    meant = defaultdict(list)
    for one in words():
        if one.text.endswith("关系"):
            meant[one.text].append(one.identity)
    both = [those for those in meant.values() if len(those) == 2]
    assert len(both) > 100
    assert both == list(map(sorted, both))
