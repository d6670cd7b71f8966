"""`rasid check` as a person types it, and as programs read it."""

from __future__ import annotations

from pathlib import Path

import pytest
from daemon import rasid, rows

BAD = {
    "unknown key": ("any:", "anny:", "did you mean"),
    "unknown list": ("$strike", "$stike", "strike"),
    "unknown receiver": ("notify: [desk]", "notify: [desc]", "desk"),
    "bad duration": ("every: 15m", "every: 15 minutes", "15m"),
    "no rule but vetoes": ("any: [$strike]                       #", "tags: [a] #", "vetoes only"),
}


@pytest.mark.parametrize("mistake", BAD)
def test_check_says_where_and_what_to_do(tmp_path: Path, mistake: str) -> None:
    rasid("init", tmp_path, "--time-zone", "UTC")
    path = tmp_path / "rules.yaml"
    old, new, hint = BAD[mistake]
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    said = rasid("check", "--config", path, "--data-dir", tmp_path, check=2).stderr
    assert "rules.yaml:" in said
    assert hint in said


def test_check_fails_on_a_wrong_example(tmp_path: Path) -> None:
    rasid("init", tmp_path, "--time-zone", "UTC")
    path = tmp_path / "rules.yaml"
    text = path.read_text(encoding="utf-8").replace("The harvest has begun", "An airstrike")
    path.write_text(text, encoding="utf-8")
    done = rasid("check", "--config", path, "--data-dir", tmp_path, check=1)
    assert "should not match and does" in done.stderr


def test_check_tells_programs_what_is_wrong_and_where(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    place = ("--config", path, "--data-dir", tmp_path, "--json")
    receiver = "receivers: [{id: desk, urls: ['json://desk.example/']}]\n"
    path.write_text(
        f"version: 1\n{receiver}rules:\n  - {{id: a, anny: [one], notify: [desk]}}\n"
        "  - {id: b, query: one NEAR two}\n",
        encoding="utf-8",
    )
    first, second, summary = rows(rasid("check", *place, check=2))
    assert first == {
        "kind": "mistake",
        "file": str(path),
        "line": 4,
        "column": 13,
        "message": 'rule "a": unknown key "anny"',
        "hint": 'did you mean "any"?',
    }
    assert (second["line"], second["column"]) == (5, 24)
    assert summary == {"kind": "summary", "file": str(path), "valid": False, "mistakes": 2}
    path.write_text(
        f"version: 1\n{receiver}rules: [{{id: a, any: [one], examples: {{match: [one, two]}}}}]\n",
        encoding="utf-8",
    )
    *told, summary = rows(rasid("check", *place, check=1))
    assert [row["kind"] for row in told] == ["warning", "warning", "example"]
    assert told[0]["line"] is None
    assert (summary["examples"], summary["examples_failed"]) == (2, 1)


def test_a_receiver_that_apprise_does_not_understand_is_told_with_its_place(
    tmp_path: Path,
) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(
        "version: 1\nreceivers:\n  - id: desk\n    urls:\n      - console://\n"
        "      - tgram://nope\n      - {id: post, url: 'mailto://user:p@ss@example.org'}\n",
        encoding="utf-8",
    )
    place = ("--config", path, "--data-dir", tmp_path)
    said = rasid("check", *place, check=2).stderr
    assert f'{path}:6:9: receiver "desk": tgram://*** is not understood by Apprise' in said
    assert f"{path}:7:9: " in said
    assert "@ as %40" in said
    assert "nope" not in said
    assert "p@ss" not in said
    *_, summary = rows(rasid("check", *place, "--json", check=2))
    assert summary["mistakes"] == 2
    path.write_text(
        "version: 1\nreceivers: [{id: desk, urls: ['mqtt://${RASID_TEST_ABSENT}/x']}]\n",
        encoding="utf-8",
    )
    assert f"{path}:2:" in rasid("check", *place, check=0).stderr


def test_a_failed_example_is_told_at_its_own_place_with_the_clause(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(
        "version: 1\nrules:\n  - id: a\n    any: [flood]\n    examples:\n"
        "      match:\n        - a flood\n        - a storm\n"
        "      no_match:\n        - two floods\n",
        encoding="utf-8",
    )
    said = rasid("check", "--config", path, "--data-dir", tmp_path, check=1).stderr
    missed, caught = [line for line in said.splitlines() if "this example" in line]
    assert missed.startswith(f"{path}:8:11: ")
    assert "first clause that fails: " in missed
    assert "flood" in missed.partition("first clause")[2]
    assert caught.startswith(f"{path}:10:11: ")


def test_an_example_may_give_more_than_a_title(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(
        "version: 1\nrules:\n  - id: a\n    query: tags:energy AND url:oil\n    examples:\n"
        "      match:\n        - {title: x, url: 'https://h.example/oil', tags: [energy]}\n"
        "        - {title: y, tags: energy}\n      no_match: [energy oil]\n",
        encoding="utf-8",
    )
    place = ("--config", path, "--data-dir", tmp_path)
    said = rasid("check", *place, check=1).stderr
    (missed,) = [line for line in said.splitlines() if "this example" in line]
    assert missed.startswith(f"{path}:8:11: ")
    path.write_text(path.read_text(encoding="utf-8").replace("title: y", "titel: y"), "utf-8")
    assert 'did you mean "title"?' in rasid("check", *place, check=2).stderr
