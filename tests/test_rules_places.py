"""Rules that know where: what counts as a mention, and how near words must be."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from opened_dictionaries import DICTIONARIES
from small_gazetteer import ExactGeoparser, atlas, small

from rasid.config import load
from rasid.models import Document, Match
from rasid.places.model import Atlas, Choice, Gazetteer, Kind, Means, Mention
from rasid.rules import RuleIndex, compile_rules
from rasid.settings import Config

HEAD = """\
version: 1
settings: {time_zone: UTC}
receivers: [{id: desk, urls: ["console://"]}]
"""
OMAR = (
    "places: [{id: omar, name: [حقل العمر, Omar field], at: {lat: 35.02, lon: 40.55}, in: a:dez}]\n"
)


def config(folder: Path, rules: str, more: str = "") -> Config:
    path = folder / "rules.yaml"
    path.write_text(f"{HEAD}{more}rules:\n{rules}", encoding="utf-8")
    return load(path, None, small)


class Places:
    """Loads and compiles rules, and keeps what was asked of the geoparser."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parsers: list[ExactGeoparser] = []

    def index(self, rules: str, more: str = "") -> RuleIndex:
        found = config(self.folder, rules, more)
        return compile_rules(found, dictionaries=DICTIONARIES, atlas=Atlas(small, self._parser))

    def _parser(self, gazetteer: Gazetteer) -> ExactGeoparser:
        self.parsers.append(ExactGeoparser(gazetteer))
        return self.parsers[-1]

    def matches(self, rule: str, more: str = "", **fields: str) -> Match | None:
        index = self.index(f"  - {{id: r, notify: desk, {rule}}}\n", more)
        document = Document("d", **fields)  # type: ignore[arg-type]
        found = index.match(document)
        assert [index.match_rule("r", document)] == (found or [None])
        return found[0] if found else None


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path)


STRIKE = "any: [strike, قصف, غارة]"
WHERE = [
    ("where: [Syria]", "A strike near Mayadin", True),
    ("where: [Syria]", "قصف في دير الزور", True),
    ("where: [Syria]", "A strike in Beirut", False),
    ("where: [Syria]", "A strike somewhere", False),
    ("where: [Deir ez-Zor governorate]", "A strike in Mayadin", True),
    ("where: [Deir ez-Zor governorate]", "A strike in Homs", False),
    ("where: [Deir ez-Zor governorate]", "A strike in Syria", False),
    ("where: [Homs, Lebanon]", "A strike in Beirut", True),
    ('where: ["Tripoli, Libya"]', "A strike in Tripoli", True),
    ("where: [{near: Al Mayadin, km: 60}]", "A strike in Deir ez-Zor", True),
    ("where: [{near: Al Mayadin, km: 30}]", "A strike in Deir ez-Zor", False),
    ("where: [omar]", "A strike at Omar field", True),
    ("where: [Deir ez-Zor governorate]", "قصف على حقل العمر", True),
    (
        "where: [{polygon: {lat_lon: [[34,40],[34,41],[35.2,41],[35.2,40]]}}]",
        "strike, Mayadin",
        True,
    ),
    ("where: [{polygon: {lat_lon: [[34,40],[34,41],[35.2,41],[35.2,40]]}}]", "strike, Homs", False),
    (
        "where: [{polygon: {lat_lon: [[34,40],[34,41],[35.2,41],[35.2,40]]}}]",
        "strike, Syria",
        False,
    ),
    ("where: [Syria], not_where: [Damascus]", "A strike in Damascus", False),
    ("where: [Syria], not_where: [Damascus]", "A strike in Damascus, Syria", False),
    ("where: [Syria], not_where: [Damascus]", "A strike in Damascus and in Homs", True),
    ("where: [Syria], not_where: [Damascus governorate]", "قصف في ريف دمشق", True),
    ("where: [Syria]", "A Syrian strike", False),
    ("where: [Syria], demonyms: true", "A Syrian strike", True),
]


@pytest.mark.parametrize(("where", "title", "matches"), WHERE)
def test_where(places: Places, where: str, title: str, matches: bool) -> None:
    assert (places.matches(f"{STRIKE}, {where}", OMAR, title=title) is not None) is matches


def far(words: int) -> str:
    return " ".join(["word"] * words)


TOGETHER: list[tuple[str, dict[str, str], bool]] = [
    ("", {"text": f"strike {far(30)} Mayadin"}, True),
    ("", {"text": f"strike {far(31)} Mayadin"}, False),
    ("", {"text": f"Mayadin {far(30)} strike"}, True),
    ("", {"text": f"Mayadin {far(31)} strike"}, False),
    ("together: 1 word", {"text": "strike on Mayadin"}, True),
    ("together: 0 words", {"text": "strike on Mayadin"}, False),
    ("together: 2 words", {"title": "A strike", "summary": "In old Mayadin"}, True),
    ("together: 1 word", {"title": "A strike", "summary": "In old Mayadin"}, False),
    ("together: 3 words", {"title": "A strike", "summary": "x", "text": "in old Mayadin"}, True),
    ("together: 2 words", {"title": "A strike", "summary": "x", "text": "in old Mayadin"}, False),
    ("together: item", {"title": "strike", "text": f"{far(500)} Mayadin"}, True),
    ("together: sentence", {"text": "A strike hit Mayadin. All is calm."}, True),
    ("together: sentence", {"text": "A strike. Mayadin is calm."}, False),
    ("together: sentence", {"text": "Calm in Mayadin؟ A strike hit."}, False),
    ("together: sentence", {"text": "Gen. Smith said a strike hit at 3.5 km. of Mayadin"}, True),
    ("together: sentence", {"title": "A strike", "text": "Mayadin is calm."}, False),
    ("together: title", {"title": "Strike on Mayadin"}, True),
    ("together: title", {"title": "Strike", "text": "strike on Mayadin"}, False),
]


@pytest.mark.parametrize(("together", "fields", "matches"), TOGETHER)
def test_together(places: Places, together: str, fields: dict[str, str], matches: bool) -> None:
    rule = f"any: [strike], where: [Deir ez-Zor governorate], {together or 'tags: [x]'}"
    assert (places.matches(rule, **fields) is not None) is matches


PARTS = [
    ("all: [strike, drone]", {"text": f"strike drone Mayadin {far(50)} Bukamal"}, True),
    ("all: [strike, drone]", {"text": f"strike Mayadin {far(50)} drone in al-Bukamal"}, False),
    ("query: strike AND (drone OR jet)", {"text": f"strike Mayadin {far(50)} jet"}, False),
    (
        "any: [strike], title: [breaking]",
        {"title": "Breaking", "text": f"{far(50)} strike Mayadin"},
        True,
    ),
    ("any: [strike], none: [football]", {"text": f"strike Mayadin {far(50)} football"}, False),
    ("query: strike NEAR/2 drone", {"text": f"strike drone Mayadin {far(50)}"}, True),
    ("query: strike NEAR/2 drone", {"text": f"strike drone {far(50)} Mayadin strike"}, False),
    ("query: ATLEAST/2 strike", {"text": f"strike Mayadin {far(50)} strike"}, True),
    ("any: [strike, drone, jet], at_least: 2", {"text": f"strike Mayadin {far(50)} jet"}, False),
    ("regex: ['\\bMQ-9\\b']", {"text": "an MQ-9 over Mayadin"}, True),
    ("regex: ['\\bMQ-9\\b']", {"text": f"an MQ-9 {far(50)} Mayadin"}, False),
]


@pytest.mark.parametrize(("words", "fields", "matches"), PARTS)
def test_all_words_are_near_one_and_the_same_place(
    places: Places, words: str, fields: dict[str, str], matches: bool
) -> None:
    rule = f"{words}, where: [Deir ez-Zor governorate]"
    assert (places.matches(rule, **fields) is not None) is matches


def test_rule_without_words_wants_all_that_happens_there(places: Places) -> None:
    assert places.matches("where: [Homs]", title="Harvest in Homs")
    assert not places.matches("where: [Homs]", title="Harvest in Aleppo")
    assert places.matches("where: [Homs], none: [harvest]", title="Trade in Homs")
    assert not places.matches("where: [Homs], none: [harvest]", title="Harvest in Homs")


def test_evidence_names_the_place_and_the_words_near_it_alone(places: Places) -> None:
    text = f"strike {far(50)} strike on Deir ez-Zor"
    match = places.matches(f"{STRIKE}, where: [{{near: Al Mayadin, km: 60}}]", text=text)
    assert match
    near, place = match.evidence
    assert (near.kind, near.start) == ("word", text.rindex("strike"))
    assert (place.kind, place.field, place.text) == ("place", "text", "Deir ez-Zor")
    assert text[place.start : place.end] == "Deir ez-Zor"
    assert place.place is not None
    assert place.place["km"] == pytest.approx(45.1, abs=0.5)
    assert place.place["words"] == 1
    assert place.place["within"] == ["Deir ez-Zor", "Syria"]
    assert (place.place["id"], place.place["kind"], place.place["country"]) == (
        "t:dez",
        "town",
        "SY",
    )
    assert [other["id"] for other in place.place["others"]] == ["a:dez"]
    assert place.why == "named"


def test_evidence_of_what_is_not_bound_is_told_wherever_it_stands(places: Places) -> None:
    text = f"strike {far(50)} strike on Deir ez-Zor"
    counted = "query: ATLEAST/2 strike"
    titled = "any: [strike], title: {any: [breaking]}"
    for rule, starts in (
        (counted, [0, text.rindex("strike")]),
        (titled, [0, text.rindex("strike")]),
    ):
        match = places.matches(
            f"{rule}, where: [Deir ez-Zor governorate]", title="Breaking", text=text
        )
        assert match
        assert [one.start for one in match.evidence if one.kind == "word"] == starts


@pytest.mark.parametrize("together", ["30 words", "sentence", "item"])
def test_a_text_of_nothing_but_places_and_words_rests_on_the_first(
    places: Places, together: str
) -> None:
    rule = f"{STRIKE}, where: [Syria], together: {together}"
    match = places.matches(rule, text="strike in Mayadin. " * 2_000)
    assert match
    assert sum(one.kind == "place" for one in match.evidence) == 10


class Says:
    """A geoparser that finds what it is told."""

    def __init__(self, *mentions: Mention) -> None:
        self.gazetteer: Gazetteer = small()
        self._mentions = mentions

    def mentions(self, fields: Any, source: str = "") -> tuple[Mention, ...]:
        return self._mentions


def mention(identity: str, confidence: float, *others: tuple[str, float], **more: Any) -> Mention:
    place = small().by_id(identity)
    assert place
    found = tuple(Choice(one, share) for name, share in others if (one := small().by_id(name)))
    return Mention("title", 0, 7, "Tripoli", place, confidence, others=found, **more)


CERTAIN = [
    ("country:LY", "", mention("t:tly", 0.5), True),
    ("country:LY", "", mention("t:tly", 0.49), False),
    ("country:LY", "recall", mention("t:tly", 0.15), True),
    ("country:LY", "recall", mention("t:tly", 0.14), False),
    ("t:tly", "", mention("t:tly", 0.15), True),
    ("t:tly", "precision", mention("t:tly", 0.49), False),
    ("t:tly", "", mention("t:tlb", 0.7, ("t:tly", 0.25)), True),
    ("t:tly", "", mention("t:tlb", 0.7, ("t:tly", 0.24)), False),
    ("country:LY", "", mention("t:tlb", 0.7, ("t:tly", 0.3)), False),
    ("country:LY", "", mention("country:LY", 0.9, means=Means.DEMONYM), False),
    ("{near: t:tly, km: 50}", "", mention("t:tly", 0.2), True),
]


@pytest.mark.parametrize(("where", "certainty", "found", "matches"), CERTAIN)
def test_certainty(
    tmp_path: Path, where: str, certainty: str, found: Mention, matches: bool
) -> None:
    more = f", certainty: {certainty}" if certainty else ""
    rules = config(tmp_path, f"  - {{id: r, where: [{where}]{more}, notify: desk}}\n")
    index = compile_rules(
        rules, dictionaries=DICTIONARIES, atlas=Atlas(small, lambda _: Says(found))
    )
    assert bool(index.match(Document("d", title="Tripoli"))) is matches


def test_an_area_lies_in_no_circle_by_its_centre(places: Places) -> None:
    """The centre of Syria is within 150 km of Palmyra."""
    rule = "where: [{near: Palmyra, km: 150}]"
    assert not places.matches(rule, title="Syria and Lebanon")
    assert places.matches(rule, title="Tadmur")


def test_what_no_rule_about_places_can_match_is_not_parsed(places: Places) -> None:
    index = places.index(
        "  - {id: r, any: [strike], where: [Homs], notify: desk}\n"
        "  - {id: s, any: [harvest], notify: desk}\n"
    )
    (parser,) = places.parsers
    assert [one.rule for one in index.match(Document("d", title="Harvest in Homs"))] == ["s"]
    assert parser.asked == 0
    assert [one.rule for one in index.match(Document("d", title="Strike in Homs"))] == ["r"]
    assert parser.asked == 1


def test_without_places_in_rules_no_gazetteer_is_opened(tmp_path: Path) -> None:
    def refuse() -> Gazetteer:
        raise AssertionError

    path = tmp_path / "rules.yaml"
    path.write_text(f"{HEAD}rules: [{{id: r, any: [strike], notify: desk}}]\n", encoding="utf-8")
    rules = load(path, None, refuse)
    index = compile_rules(rules, dictionaries=DICTIONARIES, atlas=Atlas(refuse, ExactGeoparser))
    assert index.match(Document("d", title="strike in Homs"))
    assert (rules.gazetteer, index.program.spheres) == ("", ())


def test_rules_about_places_need_a_geoparser(tmp_path: Path) -> None:
    rules = config(tmp_path, "  - {id: r, where: [Homs], notify: desk}\n")
    with pytest.raises(ValueError, match="need a geoparser"):
        compile_rules(rules, dictionaries=DICTIONARIES)


def test_a_place_of_many_rules_brings_only_those_with_its_words(places: Places) -> None:
    rules = "".join(
        f"  - {{id: r{n}, any: [word{n}], where: [Syria, Homs], notify: desk}}\n"
        for n in range(200)
    )
    index = places.index(rules)
    assert index.candidates(Document("d", title="word7 in Homs, Syria")) == ["r7"]
    assert index.candidates(Document("d", title="word7 in Beirut")) == []
    assert len(index.program.spheres) == 2


def test_kept_rules_match_as_compiled_ones(tmp_path: Path) -> None:
    rules = "  - {id: r, any: [strike], where: [Homs, {near: omar, km: 9}], notify: desk}\n"
    first = compile_rules(config(tmp_path, rules, OMAR), cache_dir=tmp_path, atlas=atlas())
    second = compile_rules(config(tmp_path, rules, OMAR), cache_dir=tmp_path, atlas=atlas())
    assert second.program == first.program
    assert len(list(tmp_path.glob("rules-*.msgpack"))) == 1
    document = Document("d", title="A strike in Homs")
    assert second.match(document) == first.match(document) != []


def test_threads_match_alike(places: Places) -> None:
    index = places.index("  - {id: r, any: [strike], where: [Syria], notify: desk}\n")
    documents = [
        Document(str(n), title=f"strike {n} in {place.name}")
        for n in range(20)
        for place in small().all
        if place.kind is Kind.TOWN
    ]
    expected = [index.match(one) for one in documents]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(index.match, documents)) == expected
