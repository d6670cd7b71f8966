"""Places in texts: which names mean one, and which of those that bear the name."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rasid.models import Document
from rasid.places.geoparse import PlaceFinder
from rasid.places.hearing import hear, source_of
from rasid.places.home import Homes
from rasid.places.inflection import bases
from rasid.places.model import Means, Mention

MEANT = 0.5


def found(finder: PlaceFinder, text: str, source: str = "") -> list[Mention]:
    mentions = finder.mentions([("text", text)], source)
    return [one for one in mentions if one.meant >= MEANT]


def told(finder: PlaceFinder, text: str, source: str = "") -> list[tuple[str, str, str]]:
    """Return what is written, the place's country, and its division's first name."""
    rows = []
    for one in found(finder, text, source):
        chain = [one.place, *map(finder.gazetteer.place, one.place.within)]
        admin1 = next((place.name for place in chain if place.kind == 2), "")
        rows.append((one.text, one.place.country, admin1))
    return rows


def written(finder: PlaceFinder, text: str) -> list[str]:
    return [one.text for one in found(finder, text)]


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("Floods in Gainesville, Texas, and in Ohio.", ["Gainesville", "Texas", "Ohio"]),
        ("He moved to Dubuque, Iowa.", ["Dubuque", "Iowa"]),
        ("A court in Columbia, S.C., ruled.", ["Columbia", "S.C."]),
        ("انفجار في مدينة حلب", ["حلب"]),
        ("قتلى في غارات على إدلب وحماة", ["إدلب", "وحماة"]),
        ("Взрыв произошёл в Нижнем Новгороде", ["Нижнем Новгороде"]),
        ("Обстріл Харкова тривав усю ніч", ["Харкова"]),
        ("Halep'te hava saldırısı", ["Halep"]),
        ("פיצוץ בחיפה", ["בחיפה"]),
        ('סנקציות של ארה"ב', ['ארה"ב']),
        ("סנקציות בארה“ב ובארה׳׳ב", ["בארה“ב", "ובארה׳׳ב"]),
        ("los EE.\u00a0UU. siguen, y EE UU también", ["EE.\u00a0UU.", "EE UU"]),
        (
            "im Vereinigten Königreich und in den Niederlanden",
            ["Vereinigten Königreich", "Niederlanden"],
        ),
        (
            "Vereinigtes Königreich: syrischer Minister reist ab",
            ["Vereinigtes Königreich", "syrischer"],
        ),
        ("wybuch w Niemczech i w Stanach Zjednoczonych", ["Niemczech", "Stanach Zjednoczonych"]),
        ("Robbanás Szíriában", ["Szíriában"]),
        ("시리아에서 폭발, 독일인 부상", ["시리아에서", "독일인"]),
        ("लेबनान में विस्फोट", ["लेबनान"]),
        ("انفجار در تهران", ["تهران"]),
        ("北京和上海的爆炸", ["北京", "上海"]),
        ("Une frappe près de Bagdad, en Irak", ["Bagdad", "Irak"]),
        ("Clashes near al-Bukamal, Syria", ["al-Bukamal", "Syria"]),
        ("Fighting in Aleppo and al-Bab", ["Aleppo", "al-Bab"]),
        ("Storm in el-Obeid and ar-Raqqa", ["el-Obeid", "Raqqa"]),
        ("Border crossing at Bab al-Hawa reopens", []),
        ("The cleric Muqtada al-Sadr said so", []),
        ("На Донеччині та Вінниччині", ["Донеччині", "Вінниччині"]),
        ("Німеччина допоможе", ["Німеччина"]),
        ("Kayseri Belediyesi yeni otobüs aldı", ["Kayseri"]),
        ("מכבי תל אביב ניצחה", []),
        ("سيول تجتاح محافظة حضرموت", ["حضرموت"]),
        ("Talks in Jordan Tuesday", ["Jordan"]),
        ("إنذار إلى اليابان ورد لليابان", ["اليابان", "لليابان"]),
        ("بذل فريق الولايات المتحدة قصارى جهده", ["الولايات المتحدة"]),
        ("حصار عكا طويل", ["عكا"]),
        ("Flights from the UK. They left the U.S. at once.", ["UK", "U.S."]),
        ("In Canada's north", ["Canada"]),
        ("DEADLY FIRE IN HOMS", ["HOMS"]),
        ("Floods in Kent", ["Kent"]),
        ("w Wielkiej Brytanii", ["Wielkiej Brytanii"]),
        ("Yhdysvaltojen presidentti", ["Yhdysvaltojen"]),
        ("オデーサとラファで爆発", ["オデーサ", "ラファ"]),
        ("Вибух на Закарпатті", ["Закарпатті"]),
        ("برلینی‌ها و لبنانها", ["لبنانها"]),
        ("قصف على الغوطة الشرقية وجبل الزاوية", ["الغوطة الشرقية", "وجبل الزاوية"]),
        ("حرائق في صقلية وبافاريا", ["صقلية", "وبافاريا"]),
        ("انفجار في الشيشان", ["الشيشان"]),
        ("صفارات الإنذار في الجليل", ["الجليل"]),
        ("وثائق من عهد الدولة العثمانية", ["الدولة العثمانية"]),
        ("Osmanlı İmparatorluğunda bir köy", ["Osmanlı İmparatorluğunda"]),
        ("Bayern München gewinnt wieder", []),
    ],
)
def test_names_are_found_in_many_languages(
    finder: PlaceFinder, text: str, texts: Sequence[str]
) -> None:
    assert written(finder, text) == list(texts)


@pytest.mark.parametrize(
    "text",
    [
        "Reading is good for you, and a bath is nice.",
        "Mr. Jackson met Michael Jordan and Paris Hilton.",
        "The Washington Post and the White House disagreed in May.",
        "Hamas praised the ruling.",
        "وكان ذلك في سنة مضت، وهو كبير جدا",
        "حماس تعلن موقفها",
        "مراسل الميادين قال ذلك",
        "فاز ريال مدريد بالكأس",
        "She married John Madison in August.",
        "1200 Lincoln Street was closed.",
        "Jordan Spieth won again, and Jordan scores.",
        "كتبت رسالة وبلغ قطرها مترا",
        "هذه الإمارات صغيرة",
        "قال بايدن ذلك",
        "قرر الاتحاد الأوروبي لكرة القدم ذلك",
        "كتبت صحيفة لندن غازيت ذلك",
        "قال مصطفى عبد الجليل",
        "Turkey breast and Turkey Day",
        "Cases of HIV and a vote of the OAS",
    ],
)
def test_a_name_of_something_else_is_no_place(finder: PlaceFinder, text: str) -> None:
    assert written(finder, text) == []


def test_what_stands_beside_a_name_tells_which_one(finder: PlaceFinder) -> None:
    assert told(finder, "In Paris, Texas, a man was shot.")[0] == ("Paris", "US", "Texas")
    assert told(finder, "In Paris a man was shot.")[0][1] == "FR"
    assert told(finder, "Tripoli, Lebanon: clashes")[0][1] == "LB"


def test_a_capital_is_not_the_country_that_some_call_like_it(finder: PlaceFinder) -> None:
    places = {one.text: one.place.id for one in found(finder, "Talks in Tunis, Tunisia")}
    assert places["Tunisia"] == "country:TN"
    assert places["Tunis"].startswith("geonames:")
    text = "In Mexico City, Mexico, a quake. Mexico sent help."
    assert [one.place.kind for one in found(finder, text) if one.text == "Mexico"] == [1, 1]


def test_what_is_of_a_country_is_not_its_plural_in_kurmanji(finder: PlaceFinder) -> None:
    (kenyan,) = found(finder, "A Kenyan court ruled.")
    assert kenyan.means is Means.DEMONYM


def test_one_sense_a_document(finder: PlaceFinder) -> None:
    text = "Police in Paris, Texas, made an arrest. The mayor of Paris was pleased."
    assert [row[:2] for row in told(finder, text) if row[0] == "Paris"] == [("Paris", "US")] * 2


def test_the_text_is_about_one_country(finder: PlaceFinder) -> None:
    text = "Fighting in Libya went on. In Tripoli the airport was closed, and in Benghazi too."
    assert [country for _, country, _ in told(finder, text)] == ["LY"] * 3
    text = "In Lebanon, soldiers were sent to Tripoli and to Sidon."
    assert [country for _, country, _ in told(finder, text)] == ["LB"] * 3


def test_a_source_is_at_home(finder: PlaceFinder) -> None:
    items = [
        Document(str(n), title=title, source="journal")
        for n, title in enumerate(
            (
                "Fire in Decatur and in Peoria",
                "Illinois lawmakers met in Champaign",
                "Peoria schools close; Bloomington opens its own",
                "A storm crossed Sangamon County and Macon County",
            )
        )
    ]
    local = PlaceFinder(finder.gazetteer, bases, Homes(hear(finder, items)))
    text = "The mayor of Springfield resigned."
    assert told(local, text, "journal") == [("Springfield", "US", "Illinois")]


def test_a_home_is_known_by_the_best_name_of_a_source() -> None:
    assert source_of(Document("1", source="s", outlet="o", url="https://h/x")) == "s"
    assert source_of(Document("1", outlet="o", url="https://h/x")) == "o"
    assert source_of(Document("1", url="https://h/x")) == "h"


def test_a_spelling_that_no_list_has_needs_its_country(finder: PlaceFinder) -> None:
    (first, syria) = found(finder, "Shells hit Dayr Azzour in eastern Syria.")
    assert (first.text, first.place.country, first.means) == ("Dayr Azzour", "SY", Means.SKELETON)
    assert syria.text == "Syria"
    assert written(finder, "Clashes near Hassakeh, far from Syria") == ["Hassakeh", "Syria"]
    assert written(finder, "Clashes near Hassakeh") == []


def test_a_mention_tells_why_and_who_else(finder: PlaceFinder) -> None:
    (mention,) = found(finder, "A bomb went off in Tripoli.")
    assert "a preposition before it" in mention.why
    assert {one.place.country for one in mention.others} >= {"LB"}
    assert 0.5 <= mention.confidence <= mention.meant <= 1
    assert (mention.start, mention.end) == (19, 26)


def test_an_abbreviation_is_written_exactly(finder: PlaceFinder) -> None:
    assert written(finder, "Officials from the U.S. and Va. met.") == ["U.S.", "Va."]
    assert written(finder, "He told us in va bene.") == []


def test_a_demonym_is_told_as_such(finder: PlaceFinder) -> None:
    (mention,) = found(finder, "Syrian officials spoke.")
    assert (mention.means, mention.place.id) == (Means.DEMONYM, "country:SY")
    (mention,) = found(finder, "сирийские чиновники")
    assert (mention.means, mention.place.id) == (Means.DEMONYM, "country:SY")


def test_offsets_are_code_points_of_the_field(finder: PlaceFinder) -> None:
    text = "😀 انفجارٌ في حَلَب اليوم"
    (mention,) = found(finder, text)
    assert text[mention.start : mention.end] == mention.text == "حَلَب"


def test_nothing_is_found_in_nothing(finder: PlaceFinder) -> None:
    assert finder.mentions([]) == []
    assert finder.mentions([("title", ""), ("text", " \n\t…")]) == []
    assert finder.mentions([("text", "\u200f" * 3 + "!" * 1000)]) == []


def test_a_dateline_is_not_where_it_happened(finder: PlaceFinder) -> None:
    assert written(finder, "دمشق - سانا: انفجار في حلب") == ["حلب"]
    assert written(finder, "CAIRO (Reuters) - An explosion in Khartoum") == ["Khartoum"]


def test_small_towns_of_one_country_support_each_other(finder: PlaceFinder) -> None:
    assert [row[1] for row in told(finder, "التحالف يقصف مواقع في مأرب وفي شبوة")] == ["YE", "YE"]


def test_floods_are_no_capital_of_korea(finder: PlaceFinder) -> None:
    assert written(finder, "السيول تضرب المنطقة وتغرق المنازل") == []
    assert written(finder, "انفجار شرقي العاصمة، وأدانته الأمانة العامة للمنظمة") == []


@pytest.mark.parametrize(
    ("region", "town"),
    [("gaza-strip", "خان يونس"), ("darfur", "El Fasher"), ("donbas", "Бои в городе Торецк")],
)
def test_a_region_contains_its_towns(finder: PlaceFinder, region: str, town: str) -> None:
    (mention,) = finder.mentions([("text", f"{town}: 12")])
    known = finder.gazetteer.by_id(f"region:{region}")
    assert known is not None
    assert known.number in mention.place.within


def test_long_texts_cost_in_proportion(finder: PlaceFinder) -> None:
    for text in ("Paris, " * 3000, "North " * 3000, "Sana'a'" * 3000):
        assert len(finder.mentions([("text", text)])) <= 3000


def test_a_title_does_not_reach_over_the_end_of_a_sentence(finder: PlaceFinder) -> None:
    assert written(finder, "He met the president. Texas is next.") == ["Texas"]
    assert written(finder, "He met Gov. Jackson and J. Lincoln.") == []


def test_saint_is_written_out_or_not(finder: PlaceFinder) -> None:
    for name in ("St. Petersburg", "Saint Petersburg", "St Petersburg"):
        assert written(finder, f"Floods in {name}, Russia") == [name, "Russia"]
    assert written(finder, "Floods in St. Charles, Missouri") == ["St. Charles", "Missouri"]
    assert written(finder, "Floods in Ft. Worth, Texas") == ["Ft. Worth", "Texas"]


@pytest.mark.parametrize(
    ("title", "name", "country"),
    [
        ("IDF raids Jenin refugee camp", "Jenin", "PS"),
        ("Truck bomb in Hodeidah", "Hodeidah", "YE"),
        ("Houthi missile intercepted over Eilat", "Eilat", "IL"),
        ("Explosions in Pokrovsk", "Pokrovsk", "UA"),
        ("Clashes in Kobani", "Kobani", "SY"),
        ("اشتباكات في السويداء بين مسلحين", "السويداء", "SY"),
        ("اشتباكات في درعا", "درعا", "SY"),
        ("قصف في مأرب", "مأرب", "YE"),
        ("Взрывы в Покровске", "Покровске", "UA"),
    ],
)
def test_a_short_title_is_enough_for_a_place_that_the_news_knows(
    finder: PlaceFinder, title: str, name: str, country: str
) -> None:
    told = [
        (one.text, one.place.country)
        for one in finder.mentions([("title", title)])
        if one.meant >= 0.5
    ]
    assert (name, country) in told


@pytest.mark.parametrize(
    "title", ["البيت الأبيض يرفض التعليق", "رقة قلب الأم", "هول الصدمة", "Paris Hilton in red"]
)
def test_words_that_are_names_of_towns_elsewhere_are_none(finder: PlaceFinder, title: str) -> None:
    assert [one.text for one in finder.mentions([("title", title)]) if one.meant >= 0.5] == []


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("中美贸易战对谁有利", ["CN", "US"]),
        ("俄乌冲突与巴以停火", ["RU", "UA", "PS", "IL"]),
        ("印巴边境和朝韩之间", ["IN", "PK", "KP", "KR"]),
        ("日米首脳会談と日韓関係", ["JP", "US", "JP", "KR"]),
        ("韓美同盟與烏俄戰爭", ["KR", "US", "UA", "RU"]),
        ("德籍土耳其人", ["DE", "TR"]),
        ("以法治国，加法很简单", []),
        ("他在采访中谈到中美洲国家", [""]),
    ],
)
def test_two_countries_by_a_letter_each_are_two_mentions(
    finder: PlaceFinder, text: str, countries: list[str]
) -> None:
    assert [one.place.country for one in found(finder, text)] == countries


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("However, it will bring rains across northern Mexico.", "country:MX"),
        ("Rains in parts of Mexico on Monday.", "country:MX"),
        ("Donald Trump, the US President, fired him.", "country:US"),
        ("Syria tells US, French and Turkish forces to withdraw", "country:US"),
        ("Landlocked Bolivia hopes the court will reopen a path.", "country:BO"),
        ("المنتخب الأمريكي يفوز", "country:US"),
        ("عاد إلى الجمهورية الدومينيكية", "country:DO"),
        ("فازت الأوروجواي وتوجو", "country:UY"),
    ],
)
def test_a_country_is_no_town_and_no_person(finder: PlaceFinder, text: str, identity: str) -> None:
    assert identity in [one.place.id for one in found(finder, text)]


@pytest.mark.parametrize(
    "text",
    [
        "السيدة موريس تستقل سيارة",  # Persian calls Mauritius موریس
        "من الآيات القرآنية الكريمة",  # and Crimea کریمه
        "عاد إلى مسقط رأسه",
        "تنتشر الأحياء على الضفة الجنوبية للنهر",
        "قال صلاح الدين ذلك",
        "قام السلطان لاجين بالإصلاحات",
        "لعب مع مانشستر يونايتد",
        "نشر الصور أمس",
        "سجل لويس فيغو هدفا",
        "أعلنت هيئة تحرير الشام ذلك",
    ],
)
def test_arabic_words_and_people_are_no_places(finder: PlaceFinder, text: str) -> None:
    assert written(finder, text) == []


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("انفجار في محافظة صلاح الدين", "geonames:91695"),
        ("زلزال في جزيرة القرم", "region:crimea"),
        ("وصل إلى مسقط", "geonames:287286"),
        ("وصل إلى مانشستر أمس", "geonames:2643123"),
        ("قصف على مدينة صور", "geonames:267008"),
        ("فتح القسطنطينية", "geonames:745044"),
        ("عادوا من الشام", "region:levant"),
        ("زار موریس", "country:MU"),
    ],
)
def test_places_that_are_like_them_are_found(finder: PlaceFinder, text: str, identity: str) -> None:
    assert identity in [one.place.id for one in found(finder, text)]


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("The quake hit Palu at noon.", "ID"),  # some call Palau so
        ("They played Indie music.", ""),  # and India
        ("البرنامج النووي", ""),  # and Niue
    ],
)
def test_what_other_languages_call_countries_is_no_country_here(
    finder: PlaceFinder, text: str, country: str
) -> None:
    assert [one.place.country for one in found(finder, text)] == [country] * bool(country)
