"""Commands on rules over places, with a small gazetteer."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from small_gazetteer import atlas
from storage_samples import item

import rasid.atlas
from rasid.cli import command
from storage import open_storage

RULES = """\
version: 1
settings: {time_zone: UTC}
receivers: [{id: desk, urls: ["console://"]}]
rules:
  - id: east
    any: [strike, قصف]
    where: [Deir ez-Zor governorate, {near: Homs, km: 30}]
    notify: [desk]
    examples: {match: [Strike on Mayadin], no_match: [Strike on Beirut]}
"""
OWN = """\
places:
  - {id: omar, name: Omar field, at: {lat: 35.02, lon: 40.55}, in: Deir ez-Zor governorate}
"""
ITEMS = ({"id": "a", "title": "قصف على الميادين"}, {"id": "b", "title": "A strike in Palmyra"})


@pytest.fixture(autouse=True)
def _with_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasid.atlas, "atlas_of", lambda place: atlas())


@pytest.fixture
def place(tmp_path: Path) -> list[str]:
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    lines = "".join(json.dumps(item) + "\n" for item in ITEMS)
    (tmp_path / "items.jsonl").write_text(lines, encoding="utf-8")
    return ["--config", str(tmp_path / "rules.yaml"), "--data-dir", str(tmp_path / "data")]


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(command, list(map(str, arguments)), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def rows(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_check_prints_how_many_places_each_entry_covers(place: list[str]) -> None:
    text = run("check", *place).stdout
    assert "east: Deir ez-Zor [a:dez]: 4 places" in text
    assert "east: 30 km around Homs: 1 place" in text
    found = [row for row in rows(run("check", "--json", *place)) if row["kind"] == "where"]
    assert [(row["rule"], row["places"]) for row in found] == [("east", 4), ("east", 1)]


def test_expand_shows_what_places_cover_and_how_they_are_called(
    place: list[str], tmp_path: Path
) -> None:
    text = run("rules", "expand", "east", *place).stdout
    assert "where: Deir ez-Zor [a:dez]: 4 places" in text
    assert "  called: Deir ez-Zor, Deir ez-Zor Governorate, دير الزور" in text
    assert "  in it: Deir ez-Zor, Al-Bukamal, Al Mayadin" in text
    assert "where: 30 km around Homs: 1 place\n  in it: Homs" in text
    few = run("rules", "expand", "east", "--places", "1", *place).stdout
    assert "  called: Deir ez-Zor and 2 more\n  in it: Deir ez-Zor and 2 more" in few
    path = tmp_path / "rules.yaml"
    path.write_text(f"{RULES}    not_where: [omar]\n{OWN}", encoding="utf-8")
    found = [row for row in rows(run("rules", "expand", "east", "--json", *place)) if "key" in row]
    assert [(row["key"], row["places"]) for row in found] == [
        ("where", 5), ("where", 1), ("not_where", 1),
    ]  # fmt: skip
    assert found[0]["some"][0] == "Omar field"


def test_match_gives_places_as_evidence(place: list[str], tmp_path: Path) -> None:
    (row,) = rows(run("match", tmp_path / "items.jsonl", "--json", *place))
    word, where = row["evidence"]
    assert (word["kind"], word["word"]) == ("word", "قصف")
    assert set(where) == {"kind", "field", "start", "end", "text", "place", "why"}
    assert (where["text"], where["place"]["id"]) == ("الميادين", "t:may")
    assert where["place"]["within"] == ["Deir ez-Zor", "Syria"]
    assert "Al Mayadin, Deir ez-Zor, Syria" in run("match", tmp_path / "items.jsonl", *place).stdout


def test_places_are_told_in_the_language_of_the_desk(place: list[str], tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    told = RULES.replace("time_zone: UTC", "time_zone: UTC, language: ar")
    path.write_text(told, encoding="utf-8")
    (row,) = rows(run("match", tmp_path / "items.jsonl", "--json", *place))
    found = row["evidence"][1]["place"]
    assert (found["name"], found["shown"]) == ("Al Mayadin", "الميادين")
    assert found["within"] == ["دير الزور", "سوريا"]
    assert "الميادين, دير الزور, سوريا" in run("match", tmp_path / "items.jsonl", *place).stdout
    text = run("check", *place).stdout
    assert "east: دير الزور [a:dez]: 4 places" in text
    assert "east: 30 km around حمص: 1 place" in text


def test_why_shows_the_place_or_what_is_wrong_with_it(place: list[str], tmp_path: Path) -> None:
    text = run("why", "east", tmp_path / "items.jsonl", *place).stdout
    assert "الميادين <- Al Mayadin, Deir ez-Zor, Syria [t:may]" in text
    assert "35.0180, 40.4530 (centre of the town)" in text
    assert "1 word between it and the nearest word; confidence 0.90" in text
    assert "because: named" in text
    assert "first clause that fails: where: 30 km around Homs, Deir ez-Zor [a:dez]" in text
    assert '"Palmyra" is Palmyra; Palmyra is 144 km from Homs' in text


@pytest.mark.parametrize(
    ("entry", "note"),
    [
        ("Red Sea", "by its own names only: a polygon covers what lies there"),
        ("{polygon: {lat_lon: [[40, 34], [41, 34], [41, 36], [40, 36]]}}",
         "with latitude and longitude swapped it covers 3 places"),
        ("{polygon: {lat_lon: [[0, 0], [0, 1], [1, 1]]}}", "no place of the gazetteer is there"),
    ],
)  # fmt: skip
def test_check_says_what_is_odd_about_an_entry(tmp_path: Path, entry: str, note: str) -> None:
    text = RULES.replace("[Deir ez-Zor governorate, {near: Homs, km: 30}]", f"[{entry}]")
    text = text.replace(
        "    examples: {match: [Strike on Mayadin], no_match: [Strike on Beirut]}\n", ""
    )
    (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")
    where = ["--config", str(tmp_path / "rules.yaml"), "--data-dir", str(tmp_path / "data")]
    assert f"({note})" in run("check", *where).stdout
    (row,) = (row for row in rows(run("check", "--json", *where)) if row["kind"] == "where")
    assert row["note"] == note


def stored(place: list[str]) -> None:
    """Put items into the archive."""
    items = [
        replace(item("a"), title="قصف على الميادين"),
        replace(item("b"), title="A strike in Palmyra"),
        replace(item("c"), title="Wheat harvest in Mayadin"),
        replace(item("d"), title="Mayadin " + "and so on " * 20 + "a strike in Beirut"),
    ]

    async def put() -> None:
        store = open_storage(Path(place[3]) / "rasid.db", lambda: 1)
        await store.write(lambda tx: [tx.add_item(one, []) for one in items])
        await store.close()

    asyncio.run(put())


def test_search_asks_where(place: list[str]) -> None:
    stored(place)
    found = rows(
        run("search", "strike OR قصف", "--where", "Deir ez-Zor governorate", "--json", *place)
    )
    assert [row["id"] for row in found] == ["a"]
    assert {one["kind"] for one in found[0]["evidence"]} == {"word", "place"}
    anything = rows(run("search", "--where", "Deir ez-Zor governorate", "--json", *place))
    assert sorted(row["id"] for row in anything) == ["a", "c", "d"]
    either = rows(
        run("search", "strike", "--where", "Lebanon", "--where", "Syria", "--json", *place)
    )
    assert sorted(row["id"] for row in either) == ["b", "d"]  # "قصف" is no "strike"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["strike", "--where", "Mayadim", "--where", "Tripoli"], ["Mayadim", "several places"]),
        ([], ["empty"]),
    ],
)
def test_search_says_what_is_wrong_with_a_place(
    place: list[str], arguments: list[str], said: list[str]
) -> None:
    result = CliRunner().invoke(command, ["search", *arguments, *place])
    assert result.exit_code == 2
    assert all(words in result.output for words in said), result.output
