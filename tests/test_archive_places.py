"""Why a rule about places does not match, and how much of a gazetteer it covers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from config_files import DESK
from opened_dictionaries import DICTIONARIES
from small_gazetteer import ExactGeoparser, atlas, small

from rasid.archive.coverage import coverage
from rasid.archive.definition import definition
from rasid.archive.miss import Miss
from rasid.archive.misses import explain_miss
from rasid.config import load
from rasid.models import Document
from rasid.places.model import Atlas, Choice, Gazetteer, Mention
from rasid.places.own import with_own
from rasid.rules import compile_rules
from rasid.settings import Config


def config(folder: Path, rule: str, more: str = "") -> Config:
    path = folder / "rules.yaml"
    text = f"version: 1\n{DESK}{more}rules:\n  - {{id: r, notify: desk, {rule}}}\n"
    path.write_text(text, encoding="utf-8")
    return load(path, None, small)


def miss(folder: Path, rule: str, document: Document, known: Atlas | None = None) -> Miss | None:
    rules = config(folder, rule)
    index = compile_rules(rules, dictionaries=DICTIONARIES, atlas=known or atlas())
    return explain_miss(index, "r", document)


FAR = " ".join(["word"] * 40)
STRIKE = "any: [strike], where: [Deir ez-Zor governorate]"
WHY = [
    (STRIKE, "A harvest in Mayadin", 'any of "strike"', ""),
    (STRIKE, "A strike", "where: Deir ez-Zor [a:dez]", "the text names no place"),
    (STRIKE, "A strike in Homs", "where: Deir ez-Zor [a:dez]", '"Homs" is Homs'),
    (STRIKE, f"strike {FAR} Mayadin", "together: 30 words", "with 40 words between"),
    (
        f"{STRIKE}, together: sentence",
        "Strike. Mayadin.",
        "together: sentence",
        "not with the words",
    ),
    (
        f"{STRIKE}, not_where: [Al Mayadin]",
        "strike, Mayadin",
        'not_where: takes "Mayadin" away',
        "",
    ),
    (
        "any: [strike], where: [{near: Al Mayadin, km: 20}]",
        "strike in Deir ez-Zor",
        "where: 20 km around Al Mayadin",
        "Deir ez-Zor is 45 km from Al Mayadin",
    ),
    (
        "any: [strike], where: [Syria]",
        "A Syrian strike",
        "where: Syria [country:SY]",
        "names a people",
    ),
]


@pytest.mark.parametrize(("rule", "title", "clause", "nearest"), WHY)
def test_why_a_place_is_missed(
    tmp_path: Path, rule: str, title: str, clause: str, nearest: str
) -> None:
    found = miss(tmp_path, rule, Document("d", title=title))
    assert found is not None
    assert clause.replace("any of ", "") in found.clause
    assert nearest in found.nearest


def test_a_rule_that_matches_is_not_missed(tmp_path: Path) -> None:
    assert miss(tmp_path, STRIKE, Document("d", title="A strike on Mayadin")) is None


class Doubts(ExactGeoparser):
    """Finds Tripoli in Lebanon, with little confidence."""

    def mentions(self, fields: Any, source: str = "") -> list[Mention]:
        bearers = [small().place(one.place) for one in small().named("tripoli")]
        libya, lebanon = bearers
        found = (Choice(libya, 0.2),)
        return [Mention("title", 0, 7, "Tripoli", lebanon, 0.4, others=found)]


def doubts(gazetteer: Gazetteer) -> Doubts:
    return Doubts(gazetteer)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("Lebanon", '"Tripoli" in the title is too uncertain (0.40, asked for 0.5)'),
        ('"Tripoli, Libya"', "means Tripoli rather than Tripoli (0.20)"),
    ],
)
def test_uncertain_place_is_told(tmp_path: Path, where: str, said: str) -> None:
    document = Document("d", title="Tripoli")
    found = miss(tmp_path, f"where: [{where}]", document, Atlas(small, doubts))
    assert found is not None
    assert said in found.nearest


def test_coverage_counts_the_places_of_every_entry(tmp_path: Path) -> None:
    own = "places: [{id: omar, name: Omar field, at: {lat: 35.02, lon: 40.55}, in: a:dez}]\n"
    box = "{polygon: {lat_lon: [[34, 40], [34, 41.2], [35.2, 41.2], [35.2, 40]]}}"
    where = f"[Deir ez-Zor governorate, {{near: Al Mayadin, km: 60}}, {box}, omar]"
    rules = config(tmp_path, f"where: {where}", own)
    both = with_own(small(), rules.places)
    counts = {one.place: one.places for one in coverage(rules, both)}
    assert counts == {
        "Deir ez-Zor [a:dez]": 5,
        "60 km around Al Mayadin": 3,
        "polygon of 4 corners": 3,
        "Omar field [omar]": 1,
    }


def test_a_definition_says_where(tmp_path: Path) -> None:
    rule = "any: [x], where: [Syria, {near: Al Mayadin, km: 60}], not_where: [Homs], demonyms: true"
    said = definition(config(tmp_path, rule).rules["r"])
    assert said["where"] == [
        {"place": "Syria", "id": "country:SY", "certainty": "precision"},
        {"near": "Al Mayadin", "id": "t:may", "km": 60.0, "certainty": "recall"},
    ]
    assert said["not_where"] == [{"place": "Homs", "id": "t:hom", "certainty": "recall"}]
    assert (said["together"], said["demonyms"]) == ("30 words", True)
