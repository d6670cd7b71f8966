"""Compiled rules are kept in a file and read instead of compiled."""

from __future__ import annotations

from pathlib import Path

import pytest

from rasid.models import Document
from rasid.rules import compile_rules
from rasid.settings import Condition, Config, Near, Outlet, Regex, Rule, Term

TEXT = Document("d", text="قصفت الطائرات قاعدة, MQ-9 drones in 空袭", outlet="sana")
RULES = {
    "words": Condition(any=(Term("قصف"), Term("drone*"))),
    "near": Condition(all=(Near(Term("قصف"), Term("قاعدة"), 3),), none=(Term("football"),)),
    "regex": Condition(any=(Regex(r"\bMQ-\d\b"),)),
    "chinese": Condition(any=(Term("空袭"),)),
}


def config(*, country: str = "SY", version: str = "1") -> Config:
    rules = {
        name: Rule(name, condition, (), countries=("SY",), hash=f"{name} {version}")
        for name, condition in RULES.items()
    }
    return Config(
        rules=rules, outlets={"sana": Outlet("sana", "SANA", country)}, version=f"v{version}"
    )


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("rules-*.msgpack"))


def test_a_kept_program_matches_as_the_compiled_one_did(tmp_path: Path) -> None:
    first = compile_rules(config(), cache_dir=tmp_path)
    (file,) = kept(tmp_path)
    written = file.stat().st_mtime_ns
    second = compile_rules(config(), cache_dir=tmp_path)
    assert second.program == first.program
    assert file.stat().st_mtime_ns == written
    assert second.match(TEXT) == first.match(TEXT)
    assert [match.rule for match in second.match(TEXT)] == list(RULES)


@pytest.mark.parametrize("content", [b"", b"\x00", b"\x93\x01\x02", b"not a program" * 100])
def test_R10_an_unreadable_cache_costs_time_alone(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    compile_rules(config(), cache_dir=tmp_path)
    (file,) = kept(tmp_path)
    file.write_bytes(content)
    assert len(compile_rules(config(), cache_dir=tmp_path).match(TEXT)) == len(RULES)
    assert "made anew" in caplog.text
    assert file.read_bytes() != content


def test_what_changes_a_match_changes_the_file(tmp_path: Path) -> None:
    compile_rules(config(), cache_dir=tmp_path)
    elsewhere = compile_rules(config(country="FR"), cache_dir=tmp_path)
    assert elsewhere.match(TEXT) == []
    compile_rules(config(version="2"), cache_dir=tmp_path)
    assert len(kept(tmp_path)) == 3


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    for number in range(6):
        compile_rules(config(version=str(number)), cache_dir=tmp_path)
    assert len(kept(tmp_path)) == 4


def test_a_folder_that_cannot_be_written_costs_time_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    index = compile_rules(config(), cache_dir=blocked / "cache")
    assert len(index.match(TEXT)) == len(RULES)
    assert "cannot be kept" in caplog.text
