"""What an alert remembers and tells of the place that it is about."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from config_files import DESK
from opened_dictionaries import DICTIONARIES
from small_gazetteer import atlas, small

from rasid.alerts.pins import pins
from rasid.alerts.promise import alerts_for
from rasid.config import load
from rasid.items.documents import document
from rasid.models import Alert, Decision, Evidence, Item, Notification, Target
from rasid.notifiers.map_lines import map_link, place_lines
from rasid.notifiers.text import render
from rasid.rules import compile_rules

RULES = """\
settings: {{time_zone: UTC{settings}}}
rules: [{{id: r, notify: desk, any: [قصف, strike], where: [{where}]}}]
"""


def item(title: str) -> Item:
    words = {"title": title, "summary": "", "text": "", "author": "", "language": "ar"}
    return Item(
        id="i", source="s", outlet="o", guid="", link="https://o.example/1", tags=(),
        published=None, first_seen=0, revision=1, content_hash="", decision=Decision.NEW,
        only_seeded=False, **words,
    )  # fmt: skip


def alert(folder: Path, where: str, title: str, settings: str = "") -> Alert:
    path = folder / "rules.yaml"
    text = RULES.format(where=where, settings=settings)
    path.write_text(f"version: 1\n{DESK}{text}", encoding="utf-8")
    config = load(path, None, small)
    one = item(title)
    index = compile_rules(config, dictionaries=DICTIONARIES, atlas=atlas())
    matches = index.match(document(one))
    targets = {"t": Target("t", "desk", "console://")}
    (found,) = alerts_for(
        one,
        document(one),
        matches,
        config=config,
        targets=targets,
        now=0,
        new_id=lambda _: "A" * 26,
    )
    return found


def body(found: Alert, show: str = "full", limit: int = 5_000) -> str:
    notification = Notification("n", "t", (found,), 0, 0, "")
    return render(notification, time_zone="UTC", limit=limit, show=show).body


TOLD = [
    (
        "Syria",
        "قصف على الميادين",
        "الميادين",
        "Al Mayadin, Deir ez-Zor, Syria",
        "35.0180 40.4530, centre of the town",
    ),
    ("Syria", "A strike near Al-Tanf", "", "Al-Tanf, Homs, Syria", "33.5060 38.6180, the spot"),
    ("Syria", "A strike in Syria", "", "Syria", "35.0000 38.0000, centre of the area"),
]


def test_what_a_place_lies_in_has_no_pin_of_its_own(tmp_path: Path) -> None:
    found = alert(tmp_path, "Syria", "A strike in Al Mayadin, Syria")
    assert [one["name"] for one in found.facts["places"]] == ["Al Mayadin, Deir ez-Zor, Syria"]


@pytest.mark.parametrize(("where", "title", "spelt", "name", "point"), TOLD)
def test_the_place_is_told_with_what_it_lies_in_and_how_exact_the_pin_is(
    tmp_path: Path, where: str, title: str, spelt: str, name: str, point: str
) -> None:
    said = body(alert(tmp_path, where, title))
    assert name in said
    assert point in said
    assert ("(\u2068الميادين\u2069)" in said) is bool(spelt)
    assert "https://www.openstreetmap.org/?mlat=" in said


def test_the_map_is_the_one_of_the_settings(tmp_path: Path) -> None:
    own = ', map_link: "https://maps.example/{lat}/{lon}"'
    said = body(alert(tmp_path, "Syria", "A strike near Al-Tanf", own))
    assert "https://maps.example/33.50600/38.61800" in said


def test_the_place_is_told_in_the_language_of_the_desk(tmp_path: Path) -> None:
    found = alert(tmp_path, "Syria", "A strike near Al Mayadin", ", language: ar")
    assert "\u2068الميادين, دير الزور, سوريا\u2069 (Al Mayadin), 35.0180 40.4530" in body(found)
    evidence = next(one for one in found.facts["evidence"] if one["place"])
    assert (evidence["place"]["name"], evidence["place"]["shown"]) == ("Al Mayadin", "الميادين")


def test_evidence_of_before_has_main_names_alone() -> None:
    old = {"id": "t", "name": "A", "kind": "town", "lat": 1.0, "lon": 2.0, "within": ["B"]}
    (pin,) = pins([Evidence("place", "title", 0, 1, "x", place=old)])
    assert pin["name"] == "A, B"


def test_discreet_receivers_are_told_no_place(tmp_path: Path) -> None:
    found = alert(tmp_path, "Syria", "A strike near Al-Tanf")
    assert "Homs" not in body(found, "discreet")
    assert "openstreetmap" not in body(found, "discreet")


def test_the_link_of_the_item_outlives_the_place(tmp_path: Path) -> None:
    said = body(alert(tmp_path, "Syria", "A strike near Al-Tanf"), limit=90)
    assert "https://o.example/1" in said
    assert "openstreetmap" not in said


def test_facts_keep_the_place_as_it_was(tmp_path: Path) -> None:
    facts: Any = alert(tmp_path, "{near: Al Mayadin, km: 60}", "Strike on Deir ez-Zor").facts
    (place,) = facts["places"]
    assert (place["name"], place["lat"], place["kind"]) == ("Deir ez-Zor, Syria", 35.336, "town")
    evidence = [one for one in facts["evidence"] if one["kind"] == "place"]
    assert evidence[0]["place"]["id"] == "t:dez"
    assert evidence[0]["place"]["km"] == pytest.approx(45, abs=1)


def test_the_distance_to_what_the_rule_names_is_told(tmp_path: Path) -> None:
    said = body(alert(tmp_path, "{near: Al Mayadin, km: 60}", "Strike on Deir ez-Zor"))
    assert "centre of the town, 45.1 km from Al Mayadin" in said


def test_a_place_is_told_as_it_is_spelt_where_that_is_surest() -> None:
    town = {"id": "t", "name": "A", "kind": "town", "lat": 1.0, "lon": 2.0}
    street, name = (
        Evidence("place", "title", 0, 1, text, place={**town, "confidence": sure})
        for text, sure in (("B Street", 0.4), ("A", 0.9))
    )
    assert [pin["text"] for pin in pins([street, name])] == ["A"]


def test_evidence_survives_being_stored(tmp_path: Path) -> None:
    facts: Any = alert(tmp_path, "{near: Al Mayadin, km: 60}", "Strike on Deir ez-Zor").facts
    evidence = [Evidence(**one) for one in facts["evidence"]]
    stored = json.loads(json.dumps([asdict(one) for one in evidence]))
    assert [Evidence(**one) for one in stored] == evidence


def test_an_area_without_a_centre_is_on_no_map() -> None:
    place = {"text": "x", "name": "Somewhere", "kind": "admin1", "lat": None, "lon": None}
    found = Alert("a", "r", "h", "t", "desk", "item:i", 0, {"places": [place]})
    assert place_lines([found], 3) == ["Somewhere (x)"]
    assert map_link("https://m.example/{lat},{lon}", None, 3.0) == ""


def test_what_an_outlet_spells_cannot_leave_its_line() -> None:
    place = {"text": "a\n@all", "name": "B", "kind": "town", "lat": 1.0, "lon": 2.0}
    found = Alert("a", "r", "h", "t", "desk", "item:i", 0, {"places": [place]})
    said = place_lines([found], 1)[0]
    assert "\n" not in said
    assert "@all" not in said
