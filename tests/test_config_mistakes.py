"""One tiny file per mistake in tests/data/config, beside what is said about it."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from cpu_time import seconds
from small_gazetteer import small

from rasid.config import files, load
from rasid.errors import ConfigError, Problem

DATA = Path(__file__).parent / "data" / "config"
MISTAKES = sorted(DATA.glob("*.yaml"))


def said_about(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path, None, small)
    return str(caught.value).replace(f"{path.parent}/", "") + "\n"


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_mistake_is_told_with_file_line_and_hint(path: Path) -> None:
    assert said_about(path) == path.with_suffix(".expected").read_text(encoding="utf-8")


def test_every_expectation_has_its_mistake() -> None:
    stems = {path.stem for path in MISTAKES}
    assert {path.stem for path in DATA.glob("*.expected")} == stems
    assert len(stems) > 30


def test_a_mistake_in_a_query_is_told_where_it_stands() -> None:
    """The columns of query_lines.yaml lead to what is wrong, whatever the quotes and escapes."""
    path = DATA / "query_lines.yaml"
    with pytest.raises(ConfigError) as caught:
        load(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    begin = [lines[each.line - 1][each.column - 1 :].split()[0] for each in caught.value.problems]
    wrong = ["(sea", "coast", "OR", "NEAR", "NEAR", "oil", 'text:three"']
    assert begin == [*wrong, "NEAR", "NEAR", "NEAR"]


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
    assert seconds(lambda: said_about(DATA / "alias_bomb.yaml")) < 0.5


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
    begun = time.process_time()
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert len(caught.value.problems) == 2000
    assert time.process_time() - begun < 10


@pytest.mark.parametrize(
    ("include", "said"),
    [
        ('"a\\0b"', "is not a path"),
        ("loop.yaml", "is not a path|cannot be read"),
        ('"/etc/*.yaml"', "is absolute"),
        ('"**x/*.yaml"', r"\*\* stands alone"),
        (".", "cannot be read"),
        ("{a: b}", "must be a text"),
    ],
)
def test_include_that_cannot_be_followed(tmp_path: Path, include: str, said: str) -> None:
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    path = tmp_path / "rules.yaml"
    path.write_text(f"version: 1\ninclude: {include}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"rules.yaml:2:[0-9]+: .*({said})"):
        load(path)


def test_a_chain_of_includes_has_an_end(tmp_path: Path) -> None:
    for number in range(1500):
        text = f"version: 1\ninclude: [{number + 1}.yaml]\n"
        (tmp_path / f"{number}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="is included too deeply"):
        load(tmp_path / "0.yaml")


PARTS = [b"[", b"}", b": ", b"- ", b"\n", b"$x", b"&a ", b"*a", b'"\\0"', b"\xff", b"title", b"${"]


def mutated(chance: random.Random, seeds: list[bytes]) -> bytes:
    text = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(text) + 1)
        text[at : at + chance.randrange(8)] = chance.choice(PARTS)
    return bytes(text)


def problems_of(path: Path) -> tuple[Problem, ...]:
    try:
        load(path, None, small)
    except ConfigError as error:
        return error.problems
    return ()


def test_mutated_files_are_refused_in_words_or_loaded(tmp_path: Path) -> None:
    """Whatever stands in a file: a ConfigError whose problems name lines, never a crash."""
    seeds = [path.read_bytes() for path in MISTAKES]
    chance = random.Random(20_240_229)
    path = tmp_path / "rules.yaml"
    refused = 0
    for _ in range(1500):
        path.write_bytes(text := mutated(chance, seeds))
        found = problems_of(path)
        refused += bool(found)
        assert all(problem.line for problem in found), text
        assert not any("pydantic" in str(problem) or "Input" in str(problem) for problem in found)
    assert refused > 1000
