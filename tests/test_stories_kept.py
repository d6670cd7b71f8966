"""Tables of words that stories are told by: worked out once for all starts."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from rasid.stories import concepts, lands, rarity
from rasid.stories.kept import Shelf


def counted(*found: dict[str, float]) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    """Return what is to be made one after the other, and what was."""
    return list(found), []


def made(left: list[dict[str, float]], done: list[dict[str, float]]) -> dict[str, float]:
    done.append(left.pop(0))
    return done[-1]


def test_a_table_is_made_once_and_then_read(tmp_path: Path) -> None:
    left, done = counted({"strik": 3.25}, {"never": 1.0})
    for _ in range(2):
        shelf = Shelf(tmp_path / "cache")
        assert shelf.table("x", dict[str, float], lambda: made(left, done)) == {"strik": 3.25}
    assert len(done) == 1


def test_without_a_folder_nothing_is_kept() -> None:
    left, done = counted({"a": 1.0}, {"b": 2.0})
    for expected in ({"a": 1.0}, {"b": 2.0}):
        assert Shelf().table("x", dict[str, float], lambda: made(left, done)) == expected


@pytest.mark.parametrize("content", [b"", b"\x81", b"no table", b"\x81\xa1a\xa1b"])
def test_what_cannot_be_read_is_made_anew(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    Shelf(tmp_path).table("x", dict[str, float], lambda: {"a": 1.0})
    (path,) = tmp_path.iterdir()
    path.write_bytes(content)
    assert Shelf(tmp_path).table("x", dict[str, float], lambda: {"a": 2.0}) == {"a": 2.0}
    assert "made anew" in caplog.text
    assert Shelf(tmp_path).table("x", dict[str, float], lambda: {"a": 3.0}) == {"a": 2.0}


def test_a_folder_that_cannot_be_written_costs_time_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder")
    shelf = Shelf(tmp_path / "file" / "cache")
    assert shelf.table("x", dict[str, float], lambda: {"a": 1.0}) == {"a": 1.0}
    assert "cannot be kept" in caplog.text


def test_tables_of_another_version_are_thrown_away(tmp_path: Path) -> None:
    old, other = tmp_path / "stories-x-0123.msgpack", tmp_path / "stories-xy-0123.msgpack"
    old.write_bytes(b"old")
    other.write_bytes(b"of another name")
    Shelf(tmp_path).table("x", dict[str, float], dict)
    assert not old.exists()
    assert other.exists()


def test_what_is_kept_is_what_was_made(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    for name, kind, make in (
        ("lands", lands.Lands, lands._made),
        ("concepts", concepts.Concepts, concepts._made),
        ("rarity", dict[str, float], lambda: rarity._zipf("ar")),
    ):
        first = shelf.table(name, kind, make)
        again = shelf.table(name, kind, lambda: pytest.fail("it was kept"))
        assert again == first
        assert type(again) is type(first)
