"""Places of rules.yaml: read, looked up, kept, and what they do to a rule's hash."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from config_files import DESK
from small_gazetteer import SmallGazetteer, small

from rasid.config import KeptRules, load
from rasid.errors import ConfigError, StorageError
from rasid.places.model import Gazetteer
from rasid.settings import Area, Around, Config, Inside, Rule, Scope

OWN = (
    "places:\n"
    "  - {{id: omar, name: [حقل العمر, Omar field], at: {{lat: {0}, lon: 40.55}}, in: a:dez}}\n"
)


def read(folder: Path, text: str, **others: str) -> Config:
    for name, content in others.items():
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    path = folder / "rules.yaml"
    path.write_text(f"version: 1\n{DESK}{text}", encoding="utf-8")
    return load(path, None, small)


def rule(folder: Path, keys: str, more: str = "") -> Rule:
    return read(folder, f"{more}rules: [{{id: r, notify: desk, {keys}}}]\n").rules["r"]


def test_what_entries_become(tmp_path: Path) -> None:
    found = rule(tmp_path, "where: [Syria, Al Mayadin, {near: Homs, km: 2.5}], any: [x]")
    assert found.where == (
        Scope(Inside("country:SY", "Syria")),
        Scope(Inside("t:may", "Al Mayadin"), recall=True),
        Scope(Around("t:hom", "Homs", 34.730, 36.709, 2.5), recall=True),
    )
    assert (found.together, found.demonyms, found.not_where) == (30, False, ())


@pytest.mark.parametrize(("certainty", "recall"), [("precision", False), ("recall", True)])
def test_certainty_holds_for_every_entry(tmp_path: Path, certainty: str, recall: bool) -> None:
    found = rule(tmp_path, f"where: [Syria, Homs, {{near: Homs, km: 2}}], certainty: {certainty}")
    assert {scope.recall for scope in found.where} == {recall}


@pytest.mark.parametrize(
    ("written", "together"), [("5 words", 5), ("1 word", 1), ("sentence", "sentence")]
)
def test_together(tmp_path: Path, written: str, together: object) -> None:
    found = rule(tmp_path, f"any: [x], where: [Syria], together: {written}")
    assert found.together == together


def square(south: float, west: float) -> list[list[float]]:
    corners = [(0, 0), (0, 1), (1, 1), (1, 0), (0, 0)]
    return [[west + east, south + north] for north, east in corners]


GEOMETRY = {"type": "Polygon", "coordinates": [square(34, 40)]}
SHAPES = [
    (GEOMETRY, 1),
    ({"type": "MultiPolygon", "coordinates": [[square(34, 40)], [square(36, 40)]]}, 2),
    ({"type": "Feature", "properties": {}, "geometry": GEOMETRY}, 1),
    ({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": GEOMETRY}] * 3}, 3),
]


@pytest.mark.parametrize(("shape", "count"), SHAPES, ids=[one["type"] for one, _ in SHAPES])
def test_geojson_is_longitude_before_latitude(
    tmp_path: Path, shape: dict[str, object], count: int
) -> None:
    (tmp_path / "area.geojson").write_text(json.dumps(shape), encoding="utf-8")
    (scope,) = rule(tmp_path, "where: [{geojson: area.geojson}]").where
    assert isinstance(scope.region, Area)
    assert scope.region.name == "area.geojson"
    assert len(scope.region.polygons) == count
    assert scope.region.polygons[0][0][1] == (34, 41)
    found = read(tmp_path, "rules: [{id: r, notify: desk, where: [{geojson: area.geojson}]}]\n")
    assert str(tmp_path / "area.geojson") in found.files


def test_own_places_may_stand_in_another_file_and_in_one_another(tmp_path: Path) -> None:
    more = (
        OWN.format(35.02) + "  - {id: gate, name: Gate, at: {lat: 35.03, lon: 40.55}, in: omar}\n"
    )
    found = read(
        tmp_path, "include: [more.yaml]\nrules: [{id: r, notify: desk, where: [gate]}]\n", more=more
    )
    assert [one.id for one in found.places] == ["omar", "gate"]
    assert found.places[1].within == "omar"
    assert found.gazetteer not in ("", small().version)


def test_hash_changes_with_what_a_rule_is_bound_to(tmp_path: Path) -> None:
    base = "any: [x], where: [Homs]"
    others = [
        "any: [x]",
        "any: [x], where: [Aleppo]",
        f"{base}, not_where: [Aleppo]",
        f"{base}, together: 3 words",
        f"{base}, demonyms: true",
        f"{base}, certainty: precision",
    ]
    hashes = [rule(tmp_path, keys).hash for keys in (base, *others)]
    assert len(set(hashes)) == len(hashes)
    assert rule(tmp_path, "any: [x], where: [حمص]").hash == hashes[0]


def test_version_changes_with_own_places_where_rules_name_places(tmp_path: Path) -> None:
    named, plain = (
        "rules: [{id: r, notify: desk, where: [Homs]}]\n",
        "rules: [{id: r, notify: desk, any: [x]}]\n",
    )
    first, other = (read(tmp_path, OWN.format(lat) + named).version for lat in (35.02, 35.03))
    assert first != other
    first, other = (read(tmp_path, OWN.format(lat) + plain).version for lat in (35.02, 35.03))
    assert first == other


def test_a_gazetteer_that_cannot_be_opened_is_told_once(tmp_path: Path) -> None:
    def fails() -> Gazetteer:
        raise StorageError("no gazetteer here")

    path = tmp_path / "rules.yaml"
    rules = "".join(f"  - {{id: r{n}, notify: desk, where: [Homs]}}\n" for n in range(3))
    path.write_text(f"version: 1\n{DESK}{OWN.format(35.02)}rules:\n{rules}", encoding="utf-8")
    for opens, said in ((fails, "no gazetteer here"), (None, "there is no gazetteer")):
        with pytest.raises(ConfigError, match=said) as caught:
            load(path, None, opens)
        assert len(caught.value.problems) == 1


def test_a_small_town_that_has_a_name_among_others_is_taken_with_a_warning(tmp_path: Path) -> None:
    text = "rules: [{id: r, notify: desk, where: [Tadmur, 'Sinai, US', Canton Sinai]}]\n"
    assert not [one for one in read(tmp_path, text).warnings if "taken" in one.message]
    (doubt,) = read(tmp_path, text.replace("Tadmur", "Sinai")).warnings[1:]
    assert '"Sinai" is taken for Canton Sinai, Texas, United States' in doubt.message
    assert doubt.column > 0


PADDING = ("# " + "much " * 20 + "\n") * 2_600  # small files are not kept


def served(path: Path, cache: Path, gazetteer: Gazetteer) -> tuple[Config, bool]:
    kept = KeptRules(cache, path, "1")
    found = load(path, kept, lambda: gazetteer)
    if not kept.served:
        kept.write()
    return found, kept.served


class Other(SmallGazetteer):
    version = "small 2"


def test_kept_rules_are_of_one_gazetteer_and_of_the_polygons_as_they_were(tmp_path: Path) -> None:
    path, area = tmp_path / "rules.yaml", tmp_path / "area.geojson"
    area.write_text(json.dumps(GEOMETRY), encoding="utf-8")
    rules = (
        f"rules:\n{PADDING}  - {{id: r, notify: desk, where: [omar, {{geojson: area.geojson}}]}}\n"
    )
    path.write_text(f"version: 1\n{DESK}{OWN.format(35.02)}{rules}", encoding="utf-8")
    cache = tmp_path / "cache"
    first, was_kept = served(path, cache, small())
    again, is_kept = served(path, cache, small())
    assert (was_kept, is_kept) == (False, True)
    assert again == first
    other, is_kept = served(path, cache, Other())
    assert not is_kept
    assert other.version != first.version
    area.write_text(
        json.dumps({"type": "Polygon", "coordinates": [square(35, 40)]}), encoding="utf-8"
    )
    moved, is_kept = served(path, cache, Other())
    assert not is_kept
    assert moved.rules["r"].hash != first.rules["r"].hash
    assert served(path, cache, Other())[1]
    area.unlink()
    with pytest.raises(ConfigError, match=r"area.geojson cannot be read"):
        served(path, cache, Other())


@pytest.mark.parametrize("written", ["60", "60 km", "60km", "60 كم"])
def test_a_distance_may_say_its_unit_again(tmp_path: Path, written: str) -> None:
    (scope,) = rule(tmp_path, f"any: [x], where: [{{near: Homs, km: {written}}}]").where
    assert isinstance(scope.region, Around)
    assert scope.region.km == 60


DOUBTS = {
    "where: [Paris, Texas]": '"Paris" and "Texas" are two places here (write "Paris, Texas" in '
    "quotes if that one is meant)",
    "where: [Al Mayadin, Lebanon], not_where: [Deir ez-Zor governorate]": "not_where takes Al "
    "Mayadin away again",
}


@pytest.mark.parametrize("keys", DOUBTS)
def test_entries_that_say_something_else_than_they_seem_to(tmp_path: Path, keys: str) -> None:
    config = read(tmp_path, f"rules: [{{id: r, notify: desk, any: [x], {keys}}}]\n")
    assert any(DOUBTS[keys] in str(one) for one in config.warnings)


@pytest.mark.parametrize(
    "keys",
    [
        "where: [Lebanon, Syria]",
        "where: [Al Mayadin, Syria]",  # a town is counted by surer and by less sure mentions
        "where: [Homs, Aleppo]",
        '"where": ["Paris, Texas"]',
        "where: [Syria], not_where: [Homs]",
        "where: [{near: Homs, km: 5}], not_where: [Syria]",
    ],
)
def test_entries_that_say_what_they_seem_to(tmp_path: Path, keys: str) -> None:
    config = read(
        tmp_path,
        f"settings: {{time_zone: UTC}}\nrules: [{{id: r, notify: desk, any: [x], {keys}}}]\n",
    )
    assert config.warnings == ()


def test_a_rule_whose_where_is_taken_away_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        rule(tmp_path, "any: [x], where: [Homs, Al Mayadin], not_where: [Syria]")
    assert "not_where takes all of where away: it never matches" in str(refused.value)


def test_a_polygon_across_the_date_line_is_two(tmp_path: Path) -> None:
    corners = "[[50, 170], [50, -170], [60, -170], [60, 170]]"
    with pytest.raises(ConfigError) as refused:
        rule(tmp_path, f"any: [x], where: [{{polygon: {{lat_lon: {corners}}}}}]")
    assert "a side from longitude 170 to -170 goes around the world" in str(refused.value)
    assert "end each at longitude 180" in str(refused.value)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("within 60 km of Al Mayadin", "write {near: Al Mayadin, km: 60}"),
        ("60 km from Homs", "write {near: Homs, km: 60}"),
        ("northern Syria", 'a part has no border here: write "Syria", or draw a polygon'),
        ("greater Beirut", 'a part has no border here: write "Beirut", or draw a polygon'),
        ("ريف حلب الشمالي", 'a part has no border here: write "ريف حلب", or draw a polygon'),
        ("شمال سوريا", 'write "سوريا", or draw a polygon'),
    ],
)
def test_what_is_no_name_is_told_with_what_to_write(
    tmp_path: Path, written: str, hint: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        rule(tmp_path, f"any: [x], where: [{written}]")
    assert hint in str(refused.value)
