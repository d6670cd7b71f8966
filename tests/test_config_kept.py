"""Rules of a large rules.yaml are kept, and used only as long as they are what it says."""

from __future__ import annotations

import stat
from pathlib import Path

import msgspec
import pytest

from rasid.config import KeptRules, load
from rasid.errors import ConfigError
from rasid.loading import checked
from rasid.settings import Config

HEAD = """\
version: 1
lists:
  fire: [qfire, qflame]
# what is told whom
receivers:
  - {id: desk, urls: ["json://192.0.2.1/t0ken"]}
"""
RULE = "  - {{id: r{0}, any: [qword{0}, $fire], notify: [desk]}}\n"
PADDING = ("# " + "much " * 20 + "\n") * 2_600  # small files are not kept
RULES = "rules:\n" + PADDING + "".join(RULE.format(n) for n in range(300))
TAIL = """\
sources:
  - {id: example, outlet: paper, url: "https://paper.example/feed"}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text(HEAD + RULES + TAIL, encoding="utf-8")
    return path


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def served(path: Path, cache: Path, code: str = "1") -> tuple[Config, bool]:
    """Load as a start does; tell whether kept rules were used."""
    kept = KeptRules(cache, path, code)
    config = load(path, kept)
    if not kept.served:
        kept.write()
    return config, kept.served


def test_what_is_kept_is_what_is_read(path: Path, cache: Path) -> None:
    first, was_kept = served(path, cache)
    assert not was_kept
    again, is_kept = served(path, cache)
    assert is_kept
    assert again == first == load(path)
    assert again.rules["r299"].line == path.read_text(encoding="utf-8").count("\n") - 2
    assert checked(path, cache) == checked(path, cache) == first


def test_N16_no_token_is_kept_and_only_the_owner_reads(path: Path, cache: Path) -> None:
    served(path, cache)
    (file,) = cache.iterdir()
    assert b"qword17" in file.read_bytes()
    assert b"t0ken" not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("qword17,", "qother17,"),
        lambda text: text.replace("qflame", "qblaze"),
        lambda text: text.replace("paper.example", "wire.example"),
        lambda text: text + "# a remark\n",
    ],
)
def test_a_change_anywhere_is_read(path: Path, cache: Path, change: object) -> None:
    served(path, cache)
    text = change(path.read_text(encoding="utf-8"))  # type: ignore[operator]
    path.write_text(text, encoding="utf-8")
    config, is_kept = served(path, cache)
    assert not is_kept
    assert config == load(path)
    assert served(path, cache) == (config, True)


def test_other_code_reads_anew(path: Path, cache: Path) -> None:
    served(path, cache)
    assert served(path, cache, code="2")[1] is False
    assert served(path, cache, code="2")[1] is True


def test_files_that_come_and_go_are_noticed(path: Path, cache: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("version: 1\n", 'version: 1\ninclude: ["more/*.yaml"]\n'), "utf-8")
    served(path, cache)
    assert served(path, cache)[1]
    more = path.parent / "more"
    more.mkdir()
    (more / "a.yaml").write_text("rules:\n- {id: added, any: [qadded], notify: [desk]}\n", "utf-8")
    config, is_kept = served(path, cache)
    assert "added" in config.rules
    assert not is_kept
    assert served(path, cache) == (config, True)
    (more / "a.yaml").unlink()
    assert "added" not in served(path, cache)[0].rules


def test_a_mistake_beside_kept_rules_is_told_where_it_stands(path: Path, cache: Path) -> None:
    """A changed file is read whole, so a rule that names what is gone is told as well."""
    served(path, cache)
    path.write_text(path.read_text(encoding="utf-8").replace("id: desk", "id: dsk"), "utf-8")
    with pytest.raises(ConfigError) as caught:
        served(path, cache)
    assert len(caught.value.problems) == 300


FLOW = (
    "version: 1,{0}lists: {{fire: [qfire, qflame]}},\n"
    "receivers: [{{id: desk, urls: ['console://']}}],\nrules: [\n"
)
ENTRIES = PADDING + "".join(RULE.format(n).strip().removeprefix("- ") + ",\n" for n in range(300))


@pytest.mark.parametrize(
    "text",
    [
        "{" + FLOW.format(" ") + ENTRIES + "]}\n",
        "{\n" + FLOW.format("\n") + ENTRIES + "]}\n",
        (HEAD + RULES + TAIL).replace("\n", "\r\n"),
    ],
    ids=["one line", "lines within brackets", "other breaks"],
)
def test_what_lines_do_not_part_is_read_whole(path: Path, cache: Path, text: str) -> None:
    path.write_bytes(text.encode())
    assert len(served(path, cache)[0].rules) == 300
    config, is_kept = served(path, cache)
    assert (len(config.rules), is_kept) == (300, False)


@pytest.mark.parametrize("damage", [b"", b"\x93", msgspec.msgpack.encode({"code": "1"})])
def test_what_cannot_be_read_is_made_anew(
    path: Path, cache: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    config, _ = served(path, cache)
    (file,) = cache.iterdir()
    file.write_bytes(damage)
    assert served(path, cache) == (config, False)
    assert "read anew" in caplog.text
    assert served(path, cache) == (config, True)


def test_small_files_are_not_kept(path: Path, cache: Path) -> None:
    path.write_text("".join([HEAD, "rules:\n", RULE.format(1), TAIL]), encoding="utf-8")
    assert len(served(path, cache)[0].rules) == 1
    assert not cache.exists()
