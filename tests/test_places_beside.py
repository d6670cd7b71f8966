"""The kind of place that is said beside a name chooses among those that bear it."""

from __future__ import annotations

import pytest

from rasid.places.designators import designator, suffix
from rasid.places.geoparse import PlaceFinder
from rasid.places.model import Kind, Mention


def first(finder: PlaceFinder, text: str) -> Mention:
    return finder.mentions([("text", text)])[0]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Взрывы в Киевской области", "Киевской", Kind.ADMIN1),
        ("Взрывы в городе Киеве", "Киеве", Kind.TOWN),
        ("Обстрел Сумской области", "Сумской", Kind.ADMIN1),
        ("Вибухи у Харківській області", "Харківській", Kind.ADMIN1),
        ("Обстріл Сумщини", "Сумщини", Kind.ADMIN1),
        ("Shelling in Sumy oblast", "Sumy", Kind.ADMIN1),
        ("The governor of Kursk region said", "Kursk", Kind.ADMIN1),
        ("Police in New York state", "New York", Kind.ADMIN1),
        ("Crowds in the province of Quebec", "Quebec", Kind.ADMIN1),
        ("Frappes dans la province d'Alep", "Alep", Kind.ADMIN1),
        ("غارة على ريف حلب الشمالي", "حلب", Kind.ADMIN1),
        ("قصف على مدينة حلب شمال سوريا", "حلب", Kind.TOWN),
        ("Halep ilinde patlama", "Halep", Kind.ADMIN1),
        ("加利福尼亚州发生枪击", "加利福尼亚", Kind.ADMIN1),
        ("قتيل في ولاية جورجيا", "جورجيا", Kind.ADMIN1),
        ("Floods in the Republic of Georgia", "Georgia", Kind.COUNTRY),
        ("Georgia, Ukraine and Baltic states", "Georgia", Kind.COUNTRY),
    ],
)
def test_the_kind_beside_a_name_chooses_its_place(
    finder: PlaceFinder, text: str, name: str, kind: Kind
) -> None:
    mention = first(finder, text)

    assert (mention.text, mention.place.kind) == (name, kind)


def test_land_around_a_town_is_the_province_and_may_be_the_town(finder: PlaceFinder) -> None:
    mention = first(finder, "Clashes in Aleppo countryside")

    town = max(one.share for one in mention.others if one.place.kind is Kind.TOWN)
    assert mention.place.kind is Kind.ADMIN1
    assert town >= 0.25  # what a rule that asks for recall counts


def test_a_kind_that_nobody_of_the_name_has_changes_nothing(finder: PlaceFinder) -> None:
    assert first(finder, "انفجار في محافظة القامشلي").place.kind is Kind.TOWN


def test_a_town_and_its_province_in_one_text_are_two_places(finder: PlaceFinder) -> None:
    found = finder.mentions([("text", "Strikes in Kharkiv. Kharkiv region was hit in ten places.")])

    assert [one.place.kind for one in found] == [Kind.TOWN, Kind.ADMIN1]


def test_words_of_kinds_are_read_folded() -> None:
    assert designator("oblast") == designator("область") is not None
    assert designator("ريف") is not None
    assert designator("ريف").rural  # type: ignore[union-attr]
    assert suffix("省") == designator("province")
    assert designator("bread") is None


@pytest.mark.parametrize(
    "text",
    [
        "Kherson and Zaporizhzhia regions were hit",
        "Удары по Донецкой и Луганской областям",
        "قصف على محافظات الرقة ودير الزور والحسكة",
        "اشتباكات في ريفي حلب وإدلب",
    ],
)
def test_a_plural_is_said_of_every_name_of_its_list(finder: PlaceFinder, text: str) -> None:
    assert {one.place.kind for one in finder.mentions([("text", text)])} == {Kind.ADMIN1}
