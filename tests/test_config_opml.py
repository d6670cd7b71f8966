"""Subscriptions of other readers, in and out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rasid.cli import command
from rasid.config import load
from rasid.config.imported import named, outlet_of
from rasid.config.opml import OpmlError, Subscription, read_opml, write_opml

FEEDS = Path(__file__).parent / "data" / "opml" / "feeds.opml"
HEAD = b"<opml><body>"
END = b"</body></opml>"


def test_folders_stay_and_each_address_comes_once() -> None:
    assert [(one.title, one.url, one.folders) for one in read_opml(FEEDS.read_bytes())] == [
        ("Levant Wire", "https://wire.example/syria.xml", ("سوريا",)),
        ("أخبار الدير", "https://deir.example/feed?lang=ar&all=1", ("سوريا", "محلية")),
        ("No folder", "http://feeds.other.example/rss", ()),
        ("A file", "file:///etc/passwd", ()),
    ]


@pytest.mark.parametrize(
    "content", [b"", b"no xml", b"<rss/>", b"<opml/>", b"\xff\xfe\x00", b"<opml><body"]
)
def test_what_is_no_opml_is_refused(content: bytes) -> None:
    if content == b"<opml><body":
        assert read_opml(content) == []  # cut off before the first feed
        return
    with pytest.raises(OpmlError):
        read_opml(content)


def test_P08_entities_are_neither_opened_nor_blown_up(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden", encoding="utf-8")
    doctype = f'<!DOCTYPE opml [<!ENTITY a SYSTEM "{secret.as_uri()}">]>'.encode()
    evil = b'<outline text="&a;" xmlUrl="https://x.example/"/>'
    assert "hidden" not in str(read_opml(doctype + HEAD + evil + END))
    bomb = b'<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY b%d "%s">' % (n, b"&%s;" % (b"a" if n == 0 else b"b%d" % (n - 1)) * 10)
        for n in range(12)
    )
    bombed = bomb + b"]>" + HEAD + b'<outline text="&b11;" xmlUrl="https://x.example/"/>' + END
    assert all(len(one.title) < 1_000 for one in read_opml(bombed))


def test_folders_in_folders_without_end_are_cut() -> None:
    deep = b'<outline text="f">' * 400
    feed = b'<outline text="a" xmlUrl="https://x.example/"/>'
    assert read_opml(HEAD + deep + feed + b"</outline>" * 400 + END) == []


def test_what_is_written_is_read_again() -> None:
    feeds = [
        Subscription('A "quoted" & <odd> one', "https://x.example/?a=1&b=2", ("one", "two")),
        Subscription("عنوان", "https://y.example/", ("one",), "https://y.example/home"),
        Subscription("c", "https://z.example/"),
    ]
    assert sorted(read_opml(write_opml(feeds, "t").encode())) == sorted(feeds)


def test_ids_are_made_of_outlet_and_title_and_are_not_taken() -> None:
    feeds = [
        Subscription("World", "https://www.paper.example/w.xml"),
        Subscription("World", "https://feeds.paper.example/w2.xml"),
        Subscription("أخبار", "https://ar.example/feed"),
    ]
    ids = [identity for identity, _ in named(feeds, {"paper-example-world"})]
    assert ids == ["paper-example-world-2", "paper-example-world-3", "ar-example"]
    assert outlet_of(feeds[0]) == outlet_of(feeds[1]) == "paper-example"


# --- commands ------------------------------------------------------------------------------


def run(folder: Path, *arguments: object) -> Result:
    place = ["--config", str(folder / "rules.yaml"), "--data-dir", str(folder / "data")]
    return CliRunner().invoke(command, [*map(str, arguments), *place], catch_exceptions=False)


def test_import_writes_a_file_that_rules_yaml_can_include(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("version: 1\nsettings: {time_zone: UTC}\n", encoding="utf-8")
    result = run(tmp_path, "sources", "import", FEEDS)
    assert result.exit_code == 0, result.output
    assert "3 sources, 1 with an address that is neither http nor https" in result.output
    assert "include: [feeds.yaml]" in result.output

    rules.write_text(rules.read_text("utf-8") + "include: [feeds.yaml]\n", encoding="utf-8")
    sources = load(rules).sources
    assert [(one.id, one.outlet, one.tags) for one in sources.values()] == [
        ("wire-example-levant", "wire-example", ("سوريا",)),
        ("deir-example", "deir-example", ("سوريا", "محلية")),
        ("other-example-no-folder", "other-example", ()),
    ]
    again = run(tmp_path, "sources", "import", "--json", FEEDS, "--to", tmp_path / "more.yaml")
    assert json.loads(again.output) == {"written": 0, "known": 3, "refused": 1, "file": ""}
    assert not (tmp_path / "more.yaml").exists()


def test_import_overwrites_nothing(tmp_path: Path) -> None:
    mine = tmp_path / "feeds.yaml"
    mine.write_text("mine", encoding="utf-8")
    result = run(tmp_path, "sources", "import", FEEDS)
    assert result.exit_code == 1
    assert "is there already: name another with --to" in result.output
    assert mine.read_text(encoding="utf-8") == "mine"


def test_export_has_no_logins_and_no_secrets(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(
        "version: 1\nsettings: {time_zone: UTC}\noutlets: [{id: paper, name: The Paper}]\n"
        "sources:\n"
        "  - {id: a, outlet: paper, url: https://paper.example/a, tags: [world, daily],"
        ' auth: {username: desk, password: "${PAPER_PASSWORD}"}}\n'
        '  - {id: b, outlet: paper, url: "https://paper.example/b", enabled: false}\n',
        encoding="utf-8",
    )
    result = run(tmp_path, "sources", "export")
    assert result.exit_code == 0, result.output
    assert read_opml(result.output.encode()) == [
        Subscription("The Paper (a)", "https://paper.example/a", ("world",))
    ]
    assert "PASSWORD" not in result.output
    assert "desk" not in result.output
