"""One tiny file per mistake in tests/data/config, beside what is said about it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from rasid.config import files, load
from rasid.errors import ConfigError

DATA = Path(__file__).parent / "data" / "config"
MISTAKES = sorted(DATA.glob("*.yaml"))


def said_about(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path)
    return str(caught.value).replace(f"{path.parent}/", "") + "\n"


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_mistake_is_told_with_file_line_and_hint(path: Path) -> None:
    assert said_about(path) == path.with_suffix(".expected").read_text(encoding="utf-8")


def test_every_expectation_has_its_mistake() -> None:
    stems = {path.stem for path in MISTAKES}
    assert {path.stem for path in DATA.glob("*.expected")} == stems
    assert len(stems) > 30


def test_R05_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Mistakes of shape, of value and of reference, in two files: none hides another."""
    more = tmp_path / "more.yaml"
    more.write_text("rules:\n  - {id: b, any: [$nowhere], notify: [desk]}\n", encoding="utf-8")
    path = tmp_path / "rules.yaml"
    path.write_text(
        "version: 1\ninclude: [more.yaml]\nsettigns: {}\n"
        "receivers:\n  - {id: desk, urls: ['console://']}\n"
        "sources:\n  - {id: s, outlet: o, url: 'ftp://example.org/', every: 5}\n"
        "rules:\n  - {id: a, any: [x], notify: [dsk]}\n  - {id: a, anny: [x]}\n",
        encoding="utf-8",
    )
    with pytest.raises(ConfigError) as caught:
        load(path)
    found = [(Path(each.file).name, each.line) for each in caught.value.problems]
    rules = [("rules.yaml", line) for line in (3, 7, 7, 9, 10, 10)]
    assert sorted(found) == sorted([*rules, ("more.yaml", 2)])


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"absent.yaml cannot be read: No such file"):
        load(tmp_path / "absent.yaml")


def test_R03_alias_bomb_is_refused_at_once() -> None:
    begun = time.perf_counter()
    said_about(DATA / "alias_bomb.yaml")
    assert time.perf_counter() - begun < 0.5


def test_R03_deep_nesting_is_refused_not_crashed_on(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("version: 1\nlists: " + "[" * 200_000, encoding="utf-8")
    with pytest.raises(ConfigError, match="nested deeper than 40 levels"):
        load(path)


def test_R03_size_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit counts all files together."""
    part = "# " + "x" * 600 + "\n"
    (tmp_path / "more.yaml").write_text(part, encoding="utf-8")
    path = tmp_path / "rules.yaml"
    path.write_text("version: 1\ninclude: [more.yaml]\n" + part, encoding="utf-8")
    load(path)
    monkeypatch.setattr(files, "MAX_BYTES", 1000)
    with pytest.raises(ConfigError, match=r"more.yaml: the configuration is larger"):
        load(path)


def test_R02_no_tag_runs_anything(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    path = tmp_path / "rules.yaml"
    path.write_text(f'version: 1\nx: !!python/object/apply:os.mkdir ["{mark}"]\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="tag !!python/object"):
        load(path)
    assert not mark.exists()


def test_guesses_stay_cheap_with_many_mistakes(tmp_path: Path) -> None:
    """Comparing every wrong name with every known one would take minutes here."""
    names = "\n".join(f"  - {{id: s{n}, outlet: o, url: 'https://h/{n}'}}" for n in range(3000))
    rules = "\n".join(f"  - {{id: r{n}, any: [x], source: z{n}}}" for n in range(2000))
    path = tmp_path / "rules.yaml"
    path.write_text(f"version: 1\nsources:\n{names}\nrules:\n{rules}\n", encoding="utf-8")
    begun = time.perf_counter()
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert len(caught.value.problems) == 2000
    assert time.perf_counter() - begun < 10
