"""What people are told of a place: what contains it, in the language of their desk."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest
from small_gazetteer import SmallGazetteer, small

from rasid.places import cldr, geonames
from rasid.places.entries import Entry
from rasid.places.model import Kind, Place
from rasid.places.own import with_own
from rasid.places.shown import Shown, chain
from rasid.settings import OwnPlace

LEVANT = Place(100, "region:levant", "Levant", Kind.REGION, 34.0, 37.0)
EAST = Place(101, "region:east", "East of Syria", Kind.REGION, 35.0, 40.0, "SY", (0, 100))


class Wide(SmallGazetteer):
    """Syria lies in the Levant, and so does what it contains."""

    def place(self, number: int) -> Place:
        known = {one.number: one for one in (LEVANT, EAST)}
        return known[number] if number in known else super().place(number)


class Spelt(SmallGazetteer):
    """One town, called as a test says."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        self._spelt = names

    def names(self, number: int) -> Sequence[str]:
        return self._spelt


def place(identity: str) -> Place:
    found = small().by_id(identity)
    assert found is not None
    return found


def inside(kind: Kind, *within: int) -> Place:
    return Place(50, "t:x", "X", kind, 0.0, 0.0, "SY", within)


WITHIN = [
    (inside(Kind.TOWN, 9, 0, 100), ["Deir ez-Zor", "Syria"]),
    (inside(Kind.COUNTRY, 100), []),
    (inside(Kind.TOWN, 101, 0, 100), ["East of Syria", "Syria"]),
    (inside(Kind.SPOT, 100), ["Levant"]),
    (inside(Kind.REGION, 100), ["Levant"]),
    (EAST, ["Syria"]),
]


@pytest.mark.parametrize(("given", "names"), WITHIN)
def test_of_what_has_a_country_no_region_beyond_it_is_told(given: Place, names: list[str]) -> None:
    assert [one.name for one in chain(given, Wide())] == names


TOLD = [
    ("en", "t:may", "Al Mayadin, Deir ez-Zor, Syria"),
    ("de", "t:may", "Al Mayadin, Deir ez-Zor, Syrien"),
    ("ar", "t:may", "الميادين, دير الزور, سوريا"),
    ("ar", "t:dam", "دمشق, سوريا"),
    ("ar", "t:dmd", "Damascus, Maryland, الولايات المتحدة"),
    ("ar", "region:red-sea", "البحر الأحمر"),
    ("uk", "t:kyi", "Київ, Україна"),
    ("ru", "t:par", "Paris, Франция"),
    ("ja", "t:bei", "Beirut, レバノン"),
]


@pytest.mark.parametrize(("language", "identity", "text"), TOLD)
def test_places_are_called_as_the_desk_calls_them(language: str, identity: str, text: str) -> None:
    assert Shown(small(), language).text(place(identity)) == text


def test_own_places_are_called_by_their_name_in_the_script_of_the_desk() -> None:
    own = OwnPlace("omar", ("Al-Omar field", "حقل العمر"), 35.1, 40.5, "t:may", "SPOT")
    gazetteer = with_own(small(), [own])
    found = gazetteer.by_id("omar")
    assert found is not None
    assert Shown(gazetteer, "ar").name(found) == "حقل العمر"
    assert Shown(gazetteer, "fr").name(found) == "Al-Omar field"


BEST = [
    ("ar", ["Mayadin", "ميادين", "الميادين"], "الميادين"),
    ("ar", ["أورسالم", "البلا", "القدس", "القُدس", "قُدس"], "القدس"),
    ("ar", ["د مشق", "دمشق", "دیمەشق"], "دمشق"),
    ("ar", ["ماسکو", "مسکو", "موسكو"], "موسكو"),
    ("ar", ["تهران", "تِهران", "طهران"], "طهران"),
    ("ar", ["محافظة دير الزور", "دير الزور"], "دير الزور"),
    ("fa", ["الرقة", "رقه"], "رقه"),
    ("fa", ["بيجنغ", "پکن"], "پکن"),
    ("he", ["יְרוּשָׁלַיִם", "ירושלים"], "ירושלים"),
    ("ru", ["Маскав", "Москва", "Мәскәү"], "Москва"),
    ("uk", ["Киев", "Київ", "Кыив"], "Київ"),
    ("uk", ["Мәскәү"], "X"),
    ("zh", ["北京", "ペキン"], "北京"),
    ("ja", ["Tokyo", "東京", "도쿄"], "東京"),
    ("el", ["Χομς", "Homs"], "Χομς"),
    ("tr", ["Хомс", "حمص"], "X"),
]


@pytest.mark.parametrize(("language", "names", "best"), BEST)
def test_of_many_spellings_the_one_of_the_language(
    language: str, names: list[str], best: str
) -> None:
    assert Shown(Spelt(*names), language).name(inside(Kind.TOWN)) == best


def test_states_are_found_by_their_codes() -> None:
    virginia = geonames.ids({"US-VA"})["US-VA"]
    state = Place(50, virginia, "Virginia", Kind.ADMIN1, 37.5, -78.7, "US", (4,))
    assert Shown(small(), "ar").text(state) == "فرجينيا, الولايات المتحدة"


def test_scripts_and_languages() -> None:
    assert [cldr.script(one) for one in ("ar", "ckb", "he", "zh", "en", "xx")] == [
        "Arab", "Arab", "Hebr", "Hans", "Latn", "",
    ]  # fmt: skip
    assert {"ar", "en", "ckb", "uk"} < cldr.languages()
    assert cldr.languages_like("Arabic") == ["ar"]


@cache
def entries() -> dict[str, Entry]:
    divisions = {iso or entry.id: entry for entry, iso in geonames.divisions()}
    return divisions | {entry.id: entry for entry in geonames.towns()}


FIRST = [
    ("SY-DY", "Deir ez-Zor"),
    ("SY-HA", "Al-Hasakah"),
    ("SY-HI", "Homs"),
    ("SY-RD", "Rif Dimashq"),
    ("IQ-NI", "Nineveh"),
    ("UA-32", "Kyiv"),
    ("US-CA", "California"),
    ("TR-63", "Şanlıurfa"),
    ("geonames:173480", "Al Mayadin"),
    ("geonames:1790630", "Xi’an"),
]


@pytest.mark.parametrize(("identity", "name"), FIRST)
def test_first_names_are_those_of_newspapers(identity: str, name: str) -> None:
    assert entries()[identity].name == name


def test_all_other_names_stay() -> None:
    texts = [name.text for name in entries()["SY-DY"].names]
    assert texts[0] == "Dayr az Zawr"
    assert {"Deir ez-Zor", "Deir ez-Zor Governorate", "دير الزور"} <= set(texts)
    assert entries()["geonames:173480"].names[0].text == "Al Mayādīn"
