"""`rasid match`: rules over items from a file or standard input, without a database."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from daemon import rasid, rows

RULES = """\
version: 1
receivers: [{id: desk, urls: ["console://"]}]
rules:
  - {id: strikes, any: [قصف, strike], notify: [desk]}
  - {id: titled, title: {any: [قصف]}, notify: [desk]}
  - {id: wire, any: [strike], outlet: wire, notify: [desk]}
"""
ITEMS = (
    {"id": "a", "title": "لقصف\u200f عنيف", "summary": "Air 🚀 strikes"},
    {"id": "b", "title": "Rain", "outlet": "nowhere"},
    {"id": "c", "text": "strike \ud800", "outlet": "wire"},
)


@pytest.fixture
def place(tmp_path: Path) -> list[object]:
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    lines = "".join(json.dumps(item) + "\n" for item in ITEMS)
    (tmp_path / "items.jsonl").write_text(lines)
    return ["--config", tmp_path / "rules.yaml", "--data-dir", tmp_path / "data"]


def test_matches_are_printed_in_the_order_of_the_items(place: list[object], tmp_path: Path) -> None:
    found = rows(rasid("match", tmp_path / "items.jsonl", "--json", *place))
    assert [(row["id"], row["rule"]) for row in found] == [
        ("a", "strikes"),
        ("a", "titled"),
        ("c", "strikes"),
        ("c", "wire"),
    ]
    assert all(set(row) == {"id", "rule", "evidence"} for row in found)


def test_evidence_stands_where_it_says_in_code_points(place: list[object], tmp_path: Path) -> None:
    found = rows(rasid("match", tmp_path / "items.jsonl", "--json", *place))
    items = {item["id"]: item for item in ITEMS}
    words = []
    for row in found:
        for one in row["evidence"]:
            text = items[row["id"]][one["field"]]
            assert text[one["start"] : one["end"]] == one["text"]
            words.append((one["text"], one["word"]))
    assert ("لقصف", "قصف") in words
    assert ("strikes", "strike") in words


def test_standard_input_is_read_and_bad_lines_are_all_named(place: list[object]) -> None:
    text = '{"id": "1", "title": "A strike"}\nnope\n{"title": "strike"}\n{"id": "2"}\n'
    done = subprocess.run(
        [sys.executable, "-m", "rasid", "match", "-", "--json", *map(str, place)],
        input=text, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert [row["id"] for row in rows(done)] == ["1"]
    assert "<stdin>:2: not JSON" in done.stderr
    assert "<stdin>:3: id:" in done.stderr
    assert len(done.stderr.splitlines()) == 2


def test_no_match_is_well_and_no_database_is_made(place: list[object], tmp_path: Path) -> None:
    config = tmp_path / "none.yaml"
    config.write_text("version: 1\n")
    items = tmp_path / "items.jsonl"
    assert rows(rasid("match", items, "--json", "--config", config)) == []
    rasid("match", items, *place)
    assert not (tmp_path / "data" / "rasid.db").exists()


def test_an_invalid_configuration_and_a_missing_file_are_wrong_usage(tmp_path: Path) -> None:
    config = tmp_path / "bad.yaml"
    config.write_text("version: 1\nrules: [{id: a, anny: [b], notify: [desk]}]\n")
    assert "anny" in rasid("match", "-", "--config", config, check=2).stderr
    assert "nothere" in rasid("match", tmp_path / "nothere.jsonl", check=2).stderr


def test_a_table_for_people(place: list[object], tmp_path: Path) -> None:
    shown = rasid("match", tmp_path / "items.jsonl", *place).stdout
    assert "strikes" in shown
    assert "(strike)" in shown
