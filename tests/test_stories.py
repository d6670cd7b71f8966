"""Stories and near-duplicates, told as items come in."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from rasid.cli import command
from rasid.models import Document
from rasid.stories.copies import COMMON, Copies, enough
from rasid.stories.features import POSSIBLE, features
from rasid.stories.postings import added, count, numbers, without
from rasid.stories.shingles import SIZE, containment, sketch
from rasid.stories.stories import HOUR, Stories
from rasid.stories.story import vector

STRIKE = {
    "ar": "قصفت طائرات أمريكية موقعين في بادية الميادين شرق دير الزور في سوريا ومقتل ثلاثة",
    "en": "US aircraft bombed two positions near Al Mayadin, east of Deir ez-Zor, Syria: 3 killed",
    "fr": "Frappe américaine près de Mayadine, à l'est de Deir ez-Zor, en Syrie : trois morts",
    "ru": "Американская авиация нанесла удар по позициям в Дейр-эз-Зоре, Сирия: трое погибших",
    "uk": "Американська авіація завдала удару по позиціях у Дейр-ез-Зорі, Сирія: троє загинули",
    "tr": "ABD uçakları Suriye'de Deyrizor yakınlarında iki mevziyi bombaladı: üç ölü",
    "fa": "بمباران آمریکا در دیرالزور سوریه سه کشته بر جای گذاشت",
    "es": "Bombardeo estadounidense cerca de Deir ez Zor, Siria: tres muertos",
    "de": "US-Luftangriff nahe Deir ez-Zor in Syrien: drei Tote",
    "zh": "美国轰炸叙利亚代尔祖尔省两处据点，三人死亡",
}
OTHERS = {
    "wheat": "حصاد القمح في دير الزور يبدأ هذا الأسبوع وسط توقعات بموسم جيد للمزارعين",
    "football": "Real Madrid beat Barcelona 3-1 in the Spanish league with two late goals",
    "bank": "European Central Bank keeps interest rates unchanged as inflation slows in Germany",
    "quake": "Землетрясение магнитудой 6,1 произошло у берегов Японии, жертв нет",
}
TEXT = """
the ministry said on thursday that two hundred families had returned to the northern villages
after engineers cleared mines from the main road and reopened the school and the clinic while
water trucks of three aid groups served the camps along the river until the pumping station
which was hit in march can be repaired by the end of the month according to its director
"""
WORDS = TEXT.split()


def stories_of(titles: dict[str, str]) -> dict[str, str]:
    stories = Stories()
    return {
        name: stories.assign(name, features(Document(id=name, title=title)), 0).story
        for name, title in titles.items()
    }


def test_a_strike_told_in_ten_languages_is_one_story() -> None:
    found = stories_of({**STRIKE, **OTHERS})
    assert {found[name] for name in STRIKE} == {"ar"}
    assert [found[name] for name in OTHERS] == list(OTHERS)


@pytest.mark.parametrize("first", ["en", "zh", "fa", "ru"])
def test_the_order_of_languages_does_not_part_a_story(first: str) -> None:
    ordered = {first: STRIKE[first], **STRIKE}
    assert set(stories_of(ordered).values()) == {first}


def test_D12_items_of_several_outlets_are_one_story_and_stay_items() -> None:
    titles = {
        "a": "Cairo court sentences former minister to seven years in prison for bribery",
        "b": "Egypt: ex-minister jailed for seven years over bribery, Cairo court rules",
        "c": "Seven years in prison for Egyptian former minister in bribery case",
        "d": "Cairo hosts film festival with guests from forty countries",
    }
    assert stories_of(titles) == {"a": "a", "b": "a", "c": "a", "d": "d"}


def test_an_item_days_later_begins_a_story_of_its_own() -> None:
    stories = Stories()
    first = features(Document(id="a", title=STRIKE["en"]))
    told = []
    for name, hours in (("a", 0), ("b", 71), ("c", 142), ("d", 300)):
        told.append(stories.assign(name, first, hours * HOUR)[:2])
        stories.settle()
    assert told == [("a", ""), ("a", "a"), ("a", "b"), ("d", "")]  # counted from the last one


def test_what_is_over_is_forgotten() -> None:
    stories = Stories(window=HOUR)
    for number, title in enumerate([*STRIKE.values(), *OTHERS.values()] * 3):
        stories.assign(str(number), features(Document(id="", title=title)), number * HOUR)
        stories.settle()
    assert len(stories._stories) <= 3
    assert len(stories._items) <= 3
    assert len(stories._copies._sketches) <= 3
    kept = {key for story in stories._stories.values() for key in story.weights}
    assert set(stories._by_key) <= kept


def test_no_more_items_are_kept_than_said() -> None:
    stories = Stories(most=20)
    for number in range(200):
        title = f"{STRIKE['en']} {number}" if number % 2 else f"word{number} alone{number}"
        stories.assign(str(number), features(Document(id="", title=title)), number)
        stories.settle()
        assert len(stories._items) <= 20
    assert len(stories._stories) <= 20
    assert set(stories._copies._sketches) == set(stories._items)


def test_a_long_story_keeps_its_strongest_keys() -> None:
    stories = Stories()
    for number in range(300):
        title = f"{STRIKE['en']} {' '.join(f'word{number}x{one}' for one in range(6))}"
        assert stories.assign(str(number), features(Document(id="", title=title)), 0).story == "0"
    (story,) = stories._stories.values()
    assert len(story.weights) <= 600
    assert {"en deir", "@country:SY"} <= story.weights.keys()


def test_an_id_that_comes_again_does_no_harm() -> None:
    stories = Stories(window=HOUR)
    for number, title in enumerate([*STRIKE.values(), *OTHERS.values()] * 2):
        stories.assign("same", features(Document(id="", title=title)), number * HOUR // 2)
        stories.settle()
    assert stories.assign("x", features(Document(id="", title="???")), 99 * HOUR).story == "x"


def test_an_unknown_language_is_none_of_those_with_uncertain_names() -> None:
    greek = "Σεισμός 6,1 ρίχτερ στην Ιαπωνία"
    assert stories_of({"a": STRIKE["ar"], "b": "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ ᏗᏕᎶᏆᏍᏗ", "c": greek}) == {
        "a": "a", "b": "b", "c": "c"
    }  # fmt: skip


# near-duplicates


def near(*texts: list[str]) -> list[int | None]:
    copies = Copies()
    return [copies.add(number, sketch(words)).of for number, words in enumerate(texts)]


def test_an_abridged_text_is_a_copy_whichever_comes_first() -> None:
    assert near(WORDS, WORDS[:25]) == [None, 0]
    assert near(WORDS[:25], WORDS) == [None, 0]


def test_a_new_title_and_a_changed_word_leave_a_copy() -> None:
    changed = ["exclusive", "report", *WORDS]
    changed[20] = "hospital"
    assert near(WORDS, changed) == [None, 0]


def test_a_digest_that_quotes_two_reports_does_not_join_them() -> None:
    other = [word[::-1] for word in WORDS]
    assert near(WORDS, other, [*WORDS[:30], *other[:30]], WORDS, other) == [None, None, 0, 0, 1]


def test_a_digest_is_told_as_a_copy_of_both() -> None:
    copies, other = Copies(), [word[::-1] for word in WORDS]
    for number, words in enumerate((WORDS, other)):
        assert copies.add(number, sketch(words)).all == ()
    assert copies.add(2, sketch([*WORDS[:30], *other[:25]])).all == (0, 1)
    assert copies.add(3, sketch(other)).all == (1, 2)


def test_a_copy_joins_the_group_that_it_is_most_of() -> None:
    """It is whole in a text that stands alone, and in most of a group of three."""
    copies, pieces = Copies(), [[f"{name}{n}" for n in range(30)] for name in "abcd"]
    texts = ([*pieces[0], *pieces[1]], [*pieces[0], *pieces[1]], [*pieces[0], *pieces[1]])
    alone = [*pieces[2], *pieces[3]]
    assert [copies.add(at, sketch(one)).of for at, one in enumerate((*texts, alone))] == [
        None, 0, 0, None
    ]  # fmt: skip
    both = copies.add(4, sketch([*pieces[0], *pieces[2]]))
    assert (both.of, set(both.all)) == (0, {0, 1, 2, 3})


def test_what_too_many_texts_share_finds_none_until_all_of_them_have_left() -> None:
    copies, line = Copies(), sketch(WORDS)
    for number in range(COMMON):
        copies.add(number, line)
    assert copies.add(COMMON, line).of == 0
    assert copies.add(COMMON + 1, line).of is None
    copies.forget(COMMON + 1)
    assert copies.add(COMMON + 2, line).of is None
    copies.forget(COMMON + 3)
    assert copies.add(COMMON + 3, line).of is None
    assert copies.add(COMMON + 4, line).of == COMMON + 3


def test_short_headlines_that_share_three_words_are_no_copies() -> None:
    one, other = "air strike kills five in eastern city", "air strike kills two near the coast"
    assert near(one.split(" "), other.split(" ")) == [None, None]
    assert near(["breaking", "news"], ["breaking", "news"]) == [None, None]


def test_containment_of_long_texts_is_told_from_samples() -> None:
    words = [f"w{number}" for number in range(4 * SIZE)]
    whole, half = sketch(words), sketch(words[: 2 * SIZE])
    assert len(whole.hashes) == len(half.hashes) == SIZE
    assert containment(whole, half) == containment(half, whole) > 0.9
    mixed = sketch([*words[:SIZE], *(f"x{number}" for number in range(SIZE))])
    assert 0.35 < containment(whole, mixed) < 0.65
    assert containment(sketch([]), whole) == 0


# what items are compared by


@pytest.mark.parametrize("title", ["Macron in Berlin", "Макрон в Берлине", "ماكرون في برلين"])
def test_a_name_sounds_alike_in_every_alphabet(title: str) -> None:
    found = features(Document(id="", title=title))
    assert "~mkrn" in {*found.pivots, *found.possible}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("١٬٢٣٤ قتيلا", "#1234"), ("1,234 dead", "#1234"), ("2,5 millions", "#2.5"),
        ("٣٫٥ مليون", "#3.5"), ("القوات الأمريكية", "@country:US"), ("وسوريا", "@country:SY"),
        ("В Сирии", "@country:SY"), ("中国总统", "@country:CN"), ("der syrische", "@country:SY"),
    ],
)  # fmt: skip
def test_numbers_and_lands_cross_languages(text: str, key: str) -> None:
    assert key in features(Document(id="", title=text)).pivots


def test_a_wrong_declaration_of_language_does_no_harm() -> None:
    document = Document(id="", title="حصاد القمح في دير الزور من جديد", language="en-us")
    assert features(document).language == "ar"
    assert features(Document(id="", title="Deir", language="fr")).language == "fr"


def test_an_item_without_words_is_a_story_of_its_own() -> None:
    assert stories_of({"a": "", "b": "", "c": "!!"}) == {"a": "a", "b": "b", "c": "c"}
    assert vector(features(Document(id=""))).words == {}


# the command


def test_assign_tells_stories_of_a_file() -> None:
    items = [
        {"id": "late", "title": STRIKE["fr"], "published": "2026-03-01T12:00:00Z"},
        {"id": "early", "title": STRIKE["ar"], "published": "2026-03-01T09:00:00Z"},
        {"id": "copy", "text": " ".join(WORDS)},
        {"id": "original", "text": " ".join(WORDS), "published": "2026-03-01T10:00:00Z"},
    ]
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in items) + "{}\n"
    result = CliRunner().invoke(command, ["stories", "assign", "-", "--json"], input=lines)
    assert result.exit_code == 1
    assert ":5:" in result.stderr
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"id": "late", "story": "early", "near_duplicate_of": None, "near_duplicates": []},
        {"id": "early", "story": "early", "near_duplicate_of": None, "near_duplicates": []},
        {"id": "copy", "story": "copy", "near_duplicate_of": None, "near_duplicates": []},
        {"id": "original", "story": "copy", "near_duplicate_of": "copy",
         "near_duplicates": ["copy"]},
    ]  # fmt: skip


def test_assign_has_a_table_for_people() -> None:
    lines = json.dumps({"id": "a", "title": "Strike"}) + "\n"
    result = CliRunner().invoke(command, ["stories", "assign", "-"], input=lines)
    assert (result.exit_code, "Strike" in result.stdout) == (0, True)


def test_the_example_of_the_docs_is_as_shown() -> None:
    page = (Path(__file__).parent.parent / "docs/stories.md").read_text(encoding="utf-8")
    (given, shown) = re.findall(r"<<'END'\n(.*?)END\n(.*?)```", page, re.DOTALL)[0]
    result = CliRunner().invoke(command, ["stories", "assign", "-", "--json"], input=given)
    assert (result.exit_code, result.stdout) == (0, shown)


def test_what_one_story_alone_has_is_indexed_by_its_number() -> None:
    stories = Stories()
    for name, title in (("strike", STRIKE["ar"]), ("wheat", OTHERS["football"])):
        stories.assign(name, features(Document(id=name, title=title)), 0)
    assert len(stories._by_key) > 20
    assert set(stories._by_key.values()) == {1, 2}
    assert set(stories._copies._by_shingle.values()) == {0, 1}


def test_postings_are_numbers_in_the_order_in_which_they_came() -> None:
    those = None
    for one in (7, 3, 2**32 - 1):
        those = added(those, one)
    assert (list(numbers(those)), count(those)) == ([7, 3, 2**32 - 1], 3)
    assert (list(numbers(7)), count(7)) == ([7], 1)
    assert list(numbers(without(those, 3))) == [7, 2**32 - 1]
    assert without(without(those, 3), 7) == 2**32 - 1
    assert without(7, 3) == 7
    assert without(7, 7) is None


def test_only_the_first_words_of_a_long_text_may_be_names() -> None:
    words = [a + b + c for a in "بتثج" for b in "دذرز" for c in "قفمن"]
    found = features(Document(id="1", title=STRIKE["ar"], text=" ".join(words))).possible
    assert len(found) == POSSIBLE
    assert found[0] == features(Document(id="2", title=STRIKE["ar"])).possible[0]


def test_a_short_text_with_a_changed_word_in_each_line_is_a_copy() -> None:
    def changed(every: int) -> list[str]:
        return [f"other{at}" if at % every == 2 else word for at, word in enumerate(WORDS[:40])]

    assert containment(sketch(WORDS[:40]), sketch(changed(5))) < enough(38)
    assert near(WORDS[:40], changed(5)) == [None, 0]
    assert near(WORDS[:40], changed(3)) == [None, None]
