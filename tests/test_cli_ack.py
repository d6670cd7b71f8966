"""`rasid ack`, and what `rasid alerts` and `rasid explain` then say."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from daemon import rasid, rows

from rasid.cli import people
from rasid.models import Alert
from storage import open_storage

TOLD = (("A", "strikes", "desk"), ("B", "strikes", "chief"), ("C", "depot", "desk"))
FACTS = {"kind": "item", "title": "قصف", "outlet": "SANA", "story": "I1"}


async def fill(path: Path) -> None:
    storage = open_storage(path, lambda: 1_000)
    for name, rule, target in (
        ("A", "strikes", "desk"),
        ("B", "strikes", "chief"),
        ("C", "d", "x"),
    ):
        one = Alert(name * 26, rule, "h", f"{target}/u", target, f"item:{name}", 1_000, FACTS)
        await storage.write(lambda tx, one=one: tx.add_alert(one))
    own = Alert("D" * 26, "", "", "ops/u", "ops", "trouble:x:1", 1_000, {"kind": "trouble"})
    await storage.write(lambda tx: tx.add_alert(own))
    await storage.close()


@pytest.fixture
def place(tmp_path: Path) -> list[object]:
    (tmp_path / "rules.yaml").write_text("version: 1\n", encoding="utf-8")
    asyncio.run(fill(tmp_path / "rasid.db"))
    return ["--config", tmp_path / "rules.yaml", "--data-dir", tmp_path]


def test_one_ack_holds_for_the_story_and_all_who_were_told(place: list[object]) -> None:
    (done,) = rows(rasid("ack", "A" * 10, "--by", "Rima", "--note", "called", "--json", *place))
    assert (done["acked_by"], done["note"], done["is_new"]) == ("Rima", "called", True)
    told = {row["id"][0]: row["acked_by"] for row in rows(rasid("alerts", "--json", *place))}
    assert told == {"A": "Rima", "B": "Rima", "C": None, "D": None}
    assert "Rima" in rasid("alerts", *place, COLUMNS="160").stdout
    said = rasid("explain", "B" * 26, *place).stdout
    assert "Acknowledged by Rima at " in said
    assert ": called" in said


def test_a_second_ack_changes_nothing(place: list[object]) -> None:
    rasid("ack", "A" * 10, "--by", "Rima", *place)
    again = rasid("ack", "B" * 10, "--by", "Sami", *place).stdout
    assert "already acknowledged by Rima" in again


@pytest.mark.parametrize(
    ("name", "said"), [("ZZZ", "no alert has the id"), ("D" * 26, "not about an item")]
)
def test_what_cannot_be_acknowledged_is_said(place: list[object], name: str, said: str) -> None:
    assert said in rasid("ack", name, *place, check=1).stderr


def test_nobody_acknowledges(place: list[object]) -> None:
    assert "must not be empty" in rasid("ack", "A" * 26, "--by", " ", *place, check=2).stderr


def test_who_has_a_number_and_no_name_is_called_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 4711")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert people._login() == f"user {os.getuid()}"
