"""What a place that is written in a rule means."""

from __future__ import annotations

import pytest
from small_gazetteer import small

from rasid.places.geoparse import PlaceFinder
from rasid.places.lookup import Fault, look_up
from rasid.places.model import Kind
from rasid.places.own import with_own
from rasid.settings import OwnPlace

MEANT = [
    ("Syria", "country:SY"),
    ("US", "country:US"),
    ("سوريا", "country:SY"),
    ("Deir ez-Zor", "t:dez"),
    ("Deir ez-Zor governorate", "a:dez"),
    ("Deir ez-Zor province", "a:dez"),
    ("محافظة دير الزور", "a:dez"),
    ("مدينة دير الزور", "t:dez"),
    ("Al-Hasakah governorate", "a:has"),
    ("Damascus", "t:dam"),
    ("Damascus, US", "t:dmd"),
    ("Damascus, Maryland", "t:dmd"),
    ("Damascus governorate", "a:dam"),
    ("Damascus countryside", "a:rif"),
    ("ريف دمشق", "a:rif"),
    ("ريف حلب", "a:ale"),
    ("Aleppo countryside", "a:ale"),
    ("Aleppo", "t:ale"),
    ("Hasakah governorate", "a:has"),
    ("North Lebanon state", "a:nor"),
    ("city of Aleppo", "t:ale"),
    ("Tripoli, Libya", "t:tly"),
    ("طرابلس، لبنان", "t:tlb"),
    ("Tripoli, North Lebanon, Lebanon", "t:tlb"),
    ("Georgia, US", "a:gus"),
    ("state of Georgia", "a:gus"),
    ("country:GE", "country:GE"),
    ("Kyiv oblast", "a:kyo"),
    ("Kyiv", "t:kyi"),
    ("Gaza Strip", "a:gaz"),
    ("Gaza", "t:gaz"),
    ("Paris", "t:par"),
    ("Red Sea", "region:red-sea"),
    ("t:buk", "t:buk"),
]


@pytest.mark.parametrize(("written", "identity"), MEANT)
def test_place_that_is_meant(written: str, identity: str) -> None:
    found = look_up(written, small())
    assert not isinstance(found, Fault), found
    assert found.id == identity


FAULTS = [
    ("Tripoli", "several places", 'write "Tripoli, Libya" or "Tripoli, Lebanon"'),
    ("Georgia", "several places", 'write "Georgia, United States" or country:GE'),
    ("Deir ez-Zur", "no place is called", 'did you mean "Deir ez-Zor" or a:dez'),
    ("Deir ez-Zur governorate", "no place is called", 'did you mean "Deir ez-Zor governorate"?'),
    ("Tripoli, Iraq", 'no "Tripoli" lies in "Iraq"', 'known are "Tripoli, Libya" or'),
    ("Tripoli, Lybia", 'no place is called "Lybia"', 'did you mean "Libya"?'),
    ("محكان", "no place is called", "lacks is defined under places:"),
    ("Syrian", "no place is called", 'did you mean "Syria"?'),
]


@pytest.mark.parametrize(("written", "said", "hint"), FAULTS)
def test_place_that_cannot_be_told(written: str, said: str, hint: str) -> None:
    found = look_up(written, small())
    assert isinstance(found, Fault), found
    assert said in found.message
    assert hint in found.hint


def test_own_place_is_found_by_id_and_name_and_lies_where_it_says() -> None:
    own = OwnPlace("omar", ("حقل العمر", "al-Omar field"), 35.02, 40.55, "a:dez")
    both = with_own(small(), [own])
    place = both.by_id("omar")
    assert place is not None
    assert look_up("Al Omar field", both) == look_up("omar", both) == place
    assert [both.place(number).id for number in place.within] == ["a:dez", "country:SY"]
    assert (place.country, both.longest("حقل")) == ("SY", 2)
    assert [one.id for _, one in both.nearby(35.02, 40.55, 10)] == ["omar", "a:dez", "t:may"]
    dez = both.by_id("a:dez")
    assert dez is not None
    assert both.count_within(dez.number) == small().count_within(dez.number) + 1
    assert both.version != small().version == with_own(small(), []).version


@pytest.mark.parametrize(
    ("written", "kind", "country"),
    [
        ("Illinois", Kind.ADMIN1, "US"),  # Riverside was called so, beside it
        ("Maryland", Kind.ADMIN1, "US"),  # not Maryland City
        ("Bahia", Kind.ADMIN1, "BR"),  # not Salvador
        ("Bihar", Kind.ADMIN1, "IN"),
        ("Jalisco", Kind.ADMIN1, "MX"),
        ("Selangor", Kind.ADMIN1, "MY"),
        ("مالي", Kind.COUNTRY, "ML"),  # an ordinary word, and a name of Elmalı
        ("بنين", Kind.COUNTRY, "BJ"),  # not Benin City
        ("Того", Kind.COUNTRY, "TG"),
        ("Mali", Kind.COUNTRY, "ML"),
        ("Deir ez-Zor", Kind.TOWN, "SY"),
        ("حمص", Kind.TOWN, "SY"),
        ("Kyiv", Kind.TOWN, "UA"),
        ("Lagos", Kind.TOWN, "NG"),
        ("Xinjiang", Kind.REGION, "CN"),  # and not a county town of this name
        ("Gaza", Kind.REGION, "PS"),
        ("Dnipro", Kind.TOWN, "UA"),  # and not the river
        ("Tokat province", Kind.ADMIN1, "TR"),
        ("Derna district", Kind.ADMIN1, "LY"),
        ("Tunis", Kind.TOWN, "TN"),
        ("تونس", Kind.COUNTRY, "TN"),
        ("Singapore", Kind.COUNTRY, "SG"),
        ("Damascus", Kind.TOWN, "SY"),
        ("Donetsk", Kind.TOWN, "UA"),
    ],
)
def test_an_area_goes_before_a_village_of_its_name(
    finder: PlaceFinder, written: str, kind: Kind, country: str
) -> None:
    found = look_up(written, finder.gazetteer)
    assert not isinstance(found, Fault), found
    assert (found.kind, found.country) == (kind, country), found
