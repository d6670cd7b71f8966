"""`rasid sources discover` and `add`: what they say, and what they write."""

from __future__ import annotations

import os
import pty
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from daemon import rasid, rows
from outlet import Outlet
from sites import TITLES, alternate, html, page, rss

from rasid.cli import command, finding
from rasid.cli.sources_add import add
from rasid.cli.sources_discover import discover
from rasid.config import load, starter
from rasid.config.added import as_yaml, is_included, mistake, new_id, outlet_entry
from rasid.config.imported import outlet_of
from rasid.config.letters import readable
from rasid.config.opml import Subscription
from rasid.discovery import Candidate
from rasid.discovery.adding import Wish, addition
from rasid.discovery.watched import source_key
from rasid.models import Look, Sign
from rasid.settings import Config
from rasid.settings import Outlet as Publisher

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def desk(tmp_path: Path, outlet: Outlet) -> Path:
    """Return a rules.yaml that may poll the outlet and includes what is added."""
    config = tmp_path / "rules.yaml"
    config.write_text(
        'version: 1\ninclude: ["sources.d/*.yaml"]\n'
        f"settings: {{time_zone: UTC, security: {{allow_addresses: ['{outlet.address}']}}}}\n",
        encoding="utf-8",
    )
    return config


@pytest.fixture
def site(outlet: Outlet) -> Outlet:
    """Serve a home page with two feeds of its own items."""
    html(outlet, "/", page(alternate("/feed/") + alternate("/ar/feed/", "عربي")))
    outlet.body("/feed/", rss(outlet.url("")))
    outlet.body("/ar/feed/", rss(outlet.url(""), "أخبار الشام", titles=TITLES, first=50))
    return outlet


def test_a_source_is_added_known_refused_and_removed(desk: Path, site: Outlet) -> None:
    place = ("--config", desk)
    done = rasid(
        "sources", "add", site.url("/"), "--tag", "syria", "--tag", "حلب", "--every", "10m",
        "--outlet", "The Levant Wire", *place,
    )  # fmt: skip
    file = desk.parent / "sources.d" / "the-levant-wire.yaml"
    assert done.stdout.splitlines()[-2:] == [
        f"Written to {file}; a running daemon takes it over on reload (SIGHUP).",
        "To see what it brings: rasid sources test the-levant-wire. To remove it: delete the file.",
    ]
    assert site.url("/feed/") in done.stdout
    config = load(desk)
    source = config.sources["the-levant-wire"]
    assert (source.url, source.tags, source.every) == (
        site.url("/feed/"), ("syria", "حلب"), 600_000_000,
    )  # fmt: skip
    assert config.outlet_of(source).name == "The Levant Wire"

    found = rows(rasid("sources", "discover", site.url("/"), "--json", *place))
    assert [(row["url"], row["kind"], row["items"], row["watched"]) for row in found] == [
        (site.url("/feed/"), "feed", 4, "the-levant-wire"), (site.url("/ar/feed/"), "feed", 4, ""),
    ]  # fmt: skip
    assert set(found[0]) == {
        "url", "kind", "title", "items", "newest", "language", "found", "score", "why", "repeats",
        "watched", "select", "titles",
    }  # fmt: skip
    assert found[0]["why"] == ["fresh", "declared by the page"]
    again = rasid("sources", "add", site.url("/"), "--first", *place, check=1)
    assert f"{site.url('/feed/')} is watched already, as the-levant-wire" in again.stderr
    file.unlink()
    assert load(desk).sources == {}


def test_a_person_at_a_terminal_chooses(desk: Path, site: Outlet) -> None:
    leader, follower = pty.openpty()
    called = [sys.executable, "-m", "rasid", "sources", "add", site.url("/"), "--config", desk]
    with subprocess.Popen(
        called, stdin=follower, stdout=follower, stderr=subprocess.PIPE, text=True
    ) as process:
        os.write(leader, b"2\n")
        assert process.stderr is not None
        asked = process.stderr.read()
    os.close(leader)
    os.close(follower)
    assert process.returncode == 0, asked
    assert "1. " + site.url("/feed/") in asked
    assert "2. " + site.url("/ar/feed/") in asked
    (source,) = load(desk).sources.values()
    assert source.url == site.url("/ar/feed/")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["two words"], "is no address"),
        (["example.org", "--every", "soon"], "a duration"),
        (["example.org", "--id", "a b"], "is not allowed here"),
        (["example.org", "--id", "taken"], "there is a source 'taken' already"),
        (["www.o.example"], "https://www.o.example/ is watched already, as taken"),
        (
            ["example.org", "--to", "{folder}/x/other.yaml"],
            'write include: ["x/other.yaml"] into it',
        ),
    ],
)
def test_mistakes_are_told_before_anybody_is_asked(
    tmp_path: Path, arguments: list[str], why: str
) -> None:
    config = tmp_path / "rules.yaml"
    config.write_text(
        "version: 1\ninclude: sources.d/*.yaml\n"
        "sources: [{id: taken, outlet: o, url: 'https://o.example/'}]\n"
    )
    named = [one.format(folder=tmp_path) for one in arguments]
    refused = CliRunner().invoke(command, ["sources", "add", *named, "--config", str(config)])
    assert refused.exit_code == (1 if "already, as" in why else 2)
    assert why in " ".join(refused.output.split())


def test_a_configuration_that_would_not_read_it_is_told(tmp_path: Path) -> None:
    config = tmp_path / "rules.yaml"
    config.write_text("version: 1\n")
    asked = ["sources", "add", "https://example.org", "--config", str(config)]
    refused = CliRunner().invoke(command, asked)
    assert refused.exit_code == 2
    assert 'write include: ["sources.d/*.yaml"] into it' in " ".join(refused.output.split())


# --- what is written -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("include", "covers"),
    [
        ("sources.d/*.yaml", True), ("sources.d/a.yaml", True), ("**/*.yaml", True),
        ("sources.d/**/*.yaml", True), ("./sources.d/*.yaml", True), ("*/*.yml", False),
        ("other.d/*.yaml", False), ("sources.d/*.yml", False), ("sources.d/?.yaml", True),
    ],
)  # fmt: skip
def test_what_an_include_covers_is_what_is_read(tmp_path: Path, include: str, covers: bool) -> None:
    config, target = tmp_path / "rules.yaml", tmp_path / "sources.d" / "a.yaml"
    config.write_text(f'version: 1\ninclude: ["{include}"]\n')
    target.parent.mkdir()
    assert is_included(config, target) is covers
    target.write_text("sources: [{id: a, outlet: a, url: 'https://a.example/'}]\n")
    if include != "**/*.yaml":  # which names rules.yaml itself, and is refused
        assert ("a" in load(config).sources) is covers


@pytest.mark.parametrize(
    "title",
    [
        'A "quoted": #1, [x] {y} & *z',
        "عنوان\u200f طويل",
        "line\nbreak\x85\x7f\u2028",
        "💥 'x'",
        "~",
    ],
)
def test_whatever_a_title_says_the_file_is_read(tmp_path: Path, title: str) -> None:
    config = tmp_path / "rules.yaml"
    source = {"id": "a", "outlet": "o", "url": "https://o.example/?a=1&b='\"", "tags": [title]}
    text = as_yaml(source, {"id": "o", "name": title}, f"added\n{title}: x")
    config.write_text(text, encoding="utf-8")
    loaded = load(config)
    shown = "".join(sign if sign.isprintable() else " " for sign in title).strip()
    assert loaded.outlets["o"].name == shown
    assert loaded.sources["a"].url == source["url"]


def test_ids_are_sensible_and_their_own() -> None:
    assert new_id("wire", "feed", "World", ()) == "wire"
    assert new_id("wire", "feed", "World", {"wire"}) == "wire-world"
    assert new_id("wire", "feed", "أخبار", {"wire"}) == "wire-2"
    assert new_id("wire", "feed", "World", {"wire", "wire-world", "wire-2"}) == "wire-3"
    assert new_id("wire", "telegram", "قناة", ()) == "wire-telegram"
    assert new_id("قناة_الشام", "feed", "", ()) == "qnaa-alsham"
    assert new_id("新华", "feed", "新闻", {"source"}) == "source-2"
    assert outlet_of(Subscription("", "https://t.me/s/Deir_Wire")) == "deir-wire"
    host = "موقع.وزارة-الاتصالات.مصر".encode("idna").decode()
    assert readable(host) == "mwqa.wzara-alatsalat.msr"
    assert outlet_of(Subscription("أخبار", f"https://{host}/feed")) == "mwqa-wzara-alatsalat-msr"
    assert readable("xn--fiqs8s.example") == "xn--fiqs8s.example"


def test_an_outlet_that_is_known_is_not_written_again() -> None:
    config = Config(outlets={"wire": Publisher("wire", "The Levant Wire")})
    assert outlet_entry("the levant wire", "https://x.example/", "", config) == ("wire", None)
    assert outlet_entry("", "https://www.wire/", "Wire", config) == ("wire", None)
    assert outlet_entry("", "https://x.example/", "X News", config) == (
        "x-example", {"id": "x-example", "name": "X News"},
    )  # fmt: skip
    assert outlet_entry("قناة الشام", "https://x.example/", "", config)[0] == "qnaa-alsham"
    assert outlet_entry("", "https://x.example/", "x" * 61, config) == ("x-example", None)


def test_spellings_of_one_address_are_one_source_and_searches_are_not() -> None:
    assert source_key("http://www.wire.example/feed/") == source_key("https://wire.example/feed")
    assert source_key("https://t.me/s/wire") == source_key("https://t.me/wire")
    search = "https://news.google.com/rss/search?q="
    assert source_key(f"{search}idlib") != source_key(f"{search}homs")


def test_mistakes_in_options_carry_their_hint() -> None:
    assert mistake("every", "10m") == mistake("id", "a-b") == ""
    assert "15m" in mistake("every", "ten")


def test_the_file_shown_in_the_documentation_is_the_one_that_is_written() -> None:
    entry = {"id": "example-org", "name": "The Example Times"}
    one = Candidate(
        "https://example.org/feed/", "feed", "", 1, None, "en", Sign.DECLARED, 90, ("fresh",)
    )
    home = Look("page", url="https://example.org/", title=entry["name"])
    wish = Wish(tags=("syria",), every="10m")
    origin = "added by `rasid sources add example.org`"
    text = addition(one, home, wish, Config(), (), origin).text
    shown = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    assert f"```yaml\n{text}```" in shown


def test_the_starter_reads_what_is_added(tmp_path: Path) -> None:
    for name, text in (("rules.yaml", starter()), ("own.yaml", "")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    shipped = ROOT / "rules.yaml"
    for config in (tmp_path / "rules.yaml", shipped):
        assert is_included(config, config.parent / "sources.d" / "new.yaml")
    assert not is_included(tmp_path / "own.yaml", tmp_path / "sources.d" / "new.yaml")


def shown_calls() -> list[list[str]]:
    """Return the calls of `discover` and `add` in the documentation's examples."""
    pages = [ROOT / "README.md", ROOT / "docs" / "configuration.md"]
    text = "\n".join(page.read_text("utf-8") for page in pages)
    found = re.findall(r"^rasid sources ((?:discover|add) .*)", text, re.MULTILINE)
    return [shlex.split(call, comments=True) for call in found]


@pytest.mark.parametrize("call", shown_calls(), ids=" ".join)
def test_calls_in_the_documentation_are_understood(call: list[str]) -> None:
    called = {"add": add, "discover": discover}[call[0]]
    assert finding.typed(called.make_context(call[0], call[1:]).params["url"])


def test_every_option_is_in_the_table_of_commands() -> None:
    assert len(shown_calls()) >= 5
    page = (ROOT / "docs" / "operating.md").read_text("utf-8")
    (row,) = re.findall(r"^\| `rasid sources add (.*?)` \|", page, re.MULTILINE)
    options = {one.opts[0] for one in add.params if one.opts[0].startswith("--")}
    shared = {"--json", "--config", "--data-dir"}
    assert set(re.findall(r"--[a-z]+", row)) == options - shared
