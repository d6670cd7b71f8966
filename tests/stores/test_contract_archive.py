"""The archive, part of the contract of every store: candidates of a search, rules, counts."""

from __future__ import annotations

import sqlite3 as standard
from collections.abc import Sequence, Set
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from contract import alert, item
from storage_samples import unfile

from rasid.archive.words import words_of
from rasid.items.documents import document
from rasid.items.identity import identities
from rasid.models import Decision, Item, Match, ParsedItem, RuleVersion
from rasid.protocols import Storage
from rasid.settings import DAY
from storage.sqlite import SqliteStorage
from storage.sqlite_archive import match_text
from storage.sqlite_connection import connect


async def add(store: Storage, *items: Item) -> None:
    await store.write(lambda tx: [tx.add_item(one, []) for one in items])


async def found(
    store: Storage, wanted: Sequence[Set[str]] = (), *, limit: int = 200, since: int | None = None
) -> list[str]:
    """Return the ids of all candidates, page by page."""
    ids: list[str] = []
    before = None
    while True:
        page = await store.read(
            lambda r, before=before: r.candidates(wanted, since=since, before=before, limit=limit)
        )
        assert len(page.items) <= limit
        ids += [one.id for one in page.items]
        if page.before is None:
            return ids
        before = page.before


def said(name: str, title: str, at: int = 1_000, **changes: object) -> Item:
    return item(name, title=title, summary="", text="", first_seen=at, **changes)


# --- candidates --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ([{"قصف"}], "21"),  # with clitics and without
        ([{"سانا"}], "3"),  # either side of an apostrophe, and both as one
        ([{"sana"}, {"a"}], "4"),
        ([{"sanaa"}], "4"),
        ([{"strike", "قصف"}], "521"),
        ([{"strike"}, {"air"}], "5"),
        ([{"strike"}, {"قصف"}], ""),
        ([{"stri*"}], "5"),
        ([{"stri"}], ""),
        ([{"قص*"}], "21"),
        ([{"drone", "dro*"}], ""),
        ([{"example"}], "54321"),  # of the address
        ([{"author"}, {"ب"}], "54321"),
        ([{"and"}, {"or"}, {"not"}], "6"),
        ([{"near"}], "6"),
        ([{"12"}], "6"),
        ([{"ドローン"}], "6"),
    ],
)
async def test_items_are_filed_under_their_words(
    store: Storage,
    wanted: list[set[str]],
    ids: str,
) -> None:
    titles = ("قَصْفٌ", "وبالقصف", "وكالة سانا", "Sana'a", "Air STRIKE")
    await add(store, *(said(str(at), title, at) for at, title in enumerate(titles, 1)))
    odd = said("6", 'AND or "NOT" near* 12 ドローン', 6, link="", author="", tags=())
    await add(store, odd)
    assert "".join(await found(store, wanted)) == ids


async def test_pages_bring_everything_newest_first(store: Storage) -> None:
    await add(store, *(said(f"{at:02}", "word", at // 3) for at in range(20)))
    every = [f"{at:02}" for at in reversed(range(20))]
    for limit in (1, 3, 20, 100):
        assert await found(store, limit=limit) == every
        assert await found(store, [{"word"}], limit=limit) == every
    assert await found(store, [{"word"}], since=5) == every[:5]
    assert await found(store, since=5) == every[:5]


async def test_a_word_is_looked_for_in_many_items_at_once(
    store: Storage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("storage.sqlite_archive._AT_ONCE", 4)
    titles = {at: "rare" if at in (1, 2, 17) else "word" for at in range(20)}
    # stored out of order, as after a clock was set back
    for at in (*range(10, 20), *range(10)):
        await add(store, said(f"{at:02}", titles[at], at))
    assert await found(store, [{"rare"}]) == ["17", "02", "01"]
    assert await found(store, [{"rare"}], limit=1) == ["17", "02", "01"]
    assert len(await found(store, [{"word"}], limit=3)) == 17


async def test_a_revision_is_filed_anew(store: Storage) -> None:
    await add(store, said("1", "first"))
    second = said("1", "second", revision=2, content_hash="h2")
    await store.write(lambda tx: tx.revise_item(second, []))
    assert await found(store, [{"first"}]) == []
    assert await found(store, [{"second"}]) == ["1"]
    page = await store.read(lambda r: r.candidates([{"second"}]))
    assert page.items == (second,)


async def test_a_pruned_item_is_no_candidate_until_it_comes_again(store: Storage) -> None:
    await add(store, said("1", "word"))
    await store.write(lambda tx: tx.prune(5_000))
    assert await found(store, [{"word"}]) == []
    assert await found(store) == []
    again = said("1", "word again", revision=2, content_hash="h2", at=9_000)
    await store.write(lambda tx: tx.revise_item(again, []))
    assert await found(store, [{"word"}, {"again"}]) == ["1"]
    page = await store.read(lambda r: r.candidates())
    assert page.items[0].first_seen == 1_000


async def test_nothing_is_filed_when_the_transaction_fails(store: Storage) -> None:
    def work(tx: object) -> None:
        tx.add_item(said("1", "word"), [])  # type: ignore[attr-defined]
        raise KeyError

    with pytest.raises(KeyError):
        await store.write(work)
    assert await found(store, [{"word"}]) == []


async def test_words_may_be_given(store: Storage) -> None:
    one = said("1", "word")
    await store.write(lambda tx: tx.add_item(one, [], words=words_of(document(one))))
    assert await found(store, [{"word"}]) == ["1"]


async def test_items_of_one_transaction_are_filed_in_one_piece(tmp_path: Path) -> None:
    store = SqliteStorage(tmp_path / "rasid.db", lambda: 0)
    await add(store, *(said(str(at), f"word number{at}") for at in range(100)))
    await store.close()
    with closing(connect(tmp_path / "rasid.db", readonly=True)) as conn:
        segments = "SELECT count(DISTINCT segid) FROM archive_words_idx"
        assert conn.execute(segments).fetchone()[0] == 1


async def test_an_item_that_is_filed_again_keeps_its_number(tmp_path: Path) -> None:
    store = SqliteStorage(tmp_path / "rasid.db", lambda: 0)
    await add(store, said("1", "first"), said("2", "other"))
    await store.write(lambda tx: tx.prune(5_000))
    again = said("2", "word again", revision=2, content_hash="h2", at=9_000)
    third = said("2", "third", revision=3, content_hash="h3", at=9_000)
    await store.write(lambda tx: tx.revise_item(again, []))
    await store.write(lambda tx: (tx.add_item(said("3", "new"), []), tx.revise_item(third, [])))
    await store.close()
    with closing(connect(tmp_path / "rasid.db", readonly=True)) as conn:
        filed = conn.execute("SELECT item, first_seen FROM archive ORDER BY id").fetchall()
    assert list(map(tuple, filed)) == [("2", 1_000), ("3", 1_000)]


async def test_W11_words_stay_data(store: Storage) -> None:
    await add(store, said("1", "word"))
    for evil in ('x" OR "word', "') OR 1", "^word", "words:word", "\0word", "\ud800"):
        assert await found(store, [{evil}]) == []


def test_words_are_quoted_for_the_index() -> None:
    assert match_text([{"b*", "a"}, {"c"}]) == '("a" OR "b"*) AND ("c")'


# --- names, revisions, counts -------------------------------------------------------------


async def test_items_and_alerts_are_found_by_a_part_of_their_id(store: Storage) -> None:
    await add(store, item("ABC1"), item("ABD2"), item("X_%"))
    await store.write(lambda tx: [tx.add_alert(alert(one)) for one in ("AAZZ", "BBZZ", "ZZCC")])

    async def items(part: str) -> list[str]:
        return [one.id for one in await store.read(lambda r: r.items_named(part))]

    assert await items("ABC1") == ["ABC1"]
    assert await items("AB") == ["ABC1", "ABD2"]
    assert await items("B") == []
    assert await items("X_") == ["X_%"]
    assert await items("_") == []
    named = await store.read(lambda r: r.alerts_named("ZZ"))
    assert [one.id for one in named] == ["AAZZ", "BBZZ", "ZZCC"]
    assert [one.id for one in await store.read(lambda r: r.alerts_named("AAZZ"))] == ["AAZZ"]
    about = await store.read(lambda r: r.alerts(subject="item:BBZZ"))
    assert [one.id for one in about] == ["BBZZ"]


async def test_a_revision_comes_back_until_it_is_pruned(store: Storage) -> None:
    first, second = item("1"), item("1", revision=2, title="Second", content_hash="h2")
    await add(store, first)
    await store.write(lambda tx: tx.revise_item(second, []))
    for number, title in ((1, first.title), (2, "Second")):
        back = await store.read(lambda r, number=number: r.revision("1", number))
        assert back is not None
        assert (back.title, back.revision, back.id) == (title, number, "1")
    assert await store.read(lambda r: r.revision("1", 3)) is None
    await store.write(lambda tx: tx.prune(5_000))
    assert await store.read(lambda r: r.revision("1", 1)) is None


async def test_matches_are_counted_by_rule_and_day(store: Storage) -> None:
    await add(store, item("1"), item("2"), item("s", decision=Decision.SEEDED))

    def match(rule: str) -> list[Match]:
        return [Match(rule, "h", ())]

    await store.write(lambda tx: tx.add_matches("1", match("a"), 3 * DAY))
    await store.write(lambda tx: tx.add_matches("2", match("a"), 4 * DAY - 1))
    await store.write(lambda tx: tx.add_matches("s", match("a"), 5 * DAY))
    await store.write(lambda tx: tx.add_matches("1", match("b"), 3 * DAY - 1))
    assert await store.read(lambda r: r.match_counts(0)) == {"a": {3: 2, 5: 1}, "b": {2: 1}}
    assert await store.read(lambda r: r.match_counts(3 * DAY)) == {"a": {3: 2, 5: 1}}
    counted = await store.read(lambda r: r.match_counts(3 * DAY, seeded=False))
    assert counted == {"a": {3: 2}}
    await store.write(lambda tx: tx.prune(10 * DAY))
    assert await store.read(lambda r: r.match_counts(0)) == {}


async def test_new_items_are_counted_by_day_and_source(store: Storage) -> None:
    await add(store, item("1"), item("2"), item("3"), item("s", decision=Decision.SEEDED))
    now = 10 * DAY
    for source, shown, at in (
        ("a", ["1", "s"], now - DAY // 2),
        ("a", ["1", "2"], now - DAY // 4),  # 1 is not new any more
        ("a", ["3"], now - 3 * DAY),
        ("b", ["1"], now - 9 * DAY),
        ("b", ["2"], now + 1),
    ):
        await store.write(lambda tx, s=source, i=shown, at=at: tx.add_sightings(s, i, at))
    assert await store.read(lambda r: r.new_by_day(now, 5)) == {"a": {0: 2, 3: 1}}
    assert await store.read(lambda r: r.new_by_day(now, 10)) == {"a": {0: 2, 3: 1}, "b": {9: 1}}


# --- rules ---------------------------------------------------------------------------------


async def test_D14_rules_are_remembered_by_version(store: Storage) -> None:
    assert await store.read(lambda r: r.rules_in_force()) == {}
    assert await store.write(lambda tx: tx.note_rules({"a": "1", "b": "1"}, 10)) == ["a", "b"]
    await store.write(lambda tx: tx.define_rule("a", "1", {"any": ["قصف"]}))
    assert await store.write(lambda tx: tx.note_rules({"a": "1", "b": "1"}, 20)) == []
    assert await store.write(lambda tx: tx.note_rules({"a": "2"}, 30)) == ["a"]
    assert await store.read(lambda r: r.rules_in_force()) == {"a": "2"}
    assert await store.write(lambda tx: tx.note_rules({"a": "1"}, 40)) == []
    assert await store.read(lambda r: r.rules_in_force()) == {"a": "1"}
    assert await store.read(lambda r: r.rule_versions("a")) == [
        RuleVersion("a", "2", {}, 30, 40),
        RuleVersion("a", "1", {"any": ["قصف"]}, 10, 40),
    ]
    every = await store.read(lambda r: r.rule_versions())
    assert [(one.rule, one.hash) for one in every] == [("a", "2"), ("a", "1"), ("b", "1")]
    assert await store.write(lambda tx: tx.note_rules({}, 35)) == []  # a clock set back
    assert (await store.read(lambda r: r.rule_versions("b")))[0].last_seen_at == 30
    assert await store.read(lambda r: r.rules_in_force()) == {}


# --- SQLite alone --------------------------------------------------------------------------


async def test_what_is_not_filed_yet_is_a_candidate_until_it_is(tmp_path: Path) -> None:
    path = tmp_path / "rasid.db"
    opened = SqliteStorage(path, lambda: 1_000)
    await add(opened, *(said(f"{at:03}", "word", at) for at in range(450)))
    unfile(path)
    assert len(await found(opened, [{"other"}])) == 450
    await opened.write(lambda tx: tx.file_items())
    assert len(await found(opened, [{"other"}])) == 250
    assert len(await found(opened, [{"word"}])) == 450
    await opened.maintain()
    assert await found(opened, [{"other"}]) == []
    assert not await opened.read(lambda r: r.has_unfiled())
    await opened.close()


async def test_a_database_from_before_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "rasid.db"
    opened = SqliteStorage(path, lambda: 1_000)
    await add(opened, said("1", "word"), said("2", "pruned"))
    await opened.write(lambda tx: tx.add_sightings("s", ["1"], 9_000))
    await opened.write(lambda tx: tx.prune(5_000))
    await opened.close()
    with closing(connect(path)) as conn:
        for table in ("archive_words", "archive", "rule_versions", "rule_definitions"):
            conn.execute(f"DROP TABLE {table}")
        conn.execute("DROP INDEX matches_newest")
        conn.execute("DELETE FROM _sqlite_migrations WHERE name = 'm003_archive'")
    opened = SqliteStorage(path, lambda: 1_000)
    assert await found(opened) == ["1"]
    await opened.maintain()
    assert await found(opened, [{"word"}]) == ["1"]
    assert await found(opened, [{"other"}]) == []
    await opened.close()


def test_the_index_of_words_works_with_an_older_sqlite() -> None:
    """pysqlite3 is not there on every machine; this is the standard library's SQLite."""
    from sqlite_utils import Database

    from storage.sqlite_filing import file, forget
    from storage.sqlite_schema import migrations

    conn = standard.connect(":memory:", isolation_level=None)
    conn.row_factory = standard.Row
    migrations.apply(Database(conn, execute_plugins=False))
    one = said("1", "first")
    conn.execute("INSERT INTO items VALUES ('1', 's', 'o', 'g', 1, 1, 'h', 'new', 0, 0)")
    file(conn, one)
    file(conn, replace(one, title="second"))

    def rowids(word: str) -> list[int]:
        sql = "SELECT rowid FROM archive_words WHERE archive_words MATCH ?"
        return [row[0] for row in conn.execute(sql, (match_text([{word}]),))]

    assert (rowids("first"), rowids("second")) == ([], [1])
    forget(conn, ["1"])
    assert rowids("second") == []
    conn.close()


async def test_Q11_a_title_of_two_megabytes_is_kept_and_found_by_its_last_word(
    store: Storage,
) -> None:
    title = " ".join(f"كلمة{n:06}" for n in range(140_000)) + " lastword"
    assert len(title.encode()) > 2_000_000
    long = replace(said("1", title), guid=title, link=f"https://news.example/{title}")
    shown = ParsedItem(guid=title, link=long.link, link_key=long.link, title=title)
    names = identities([shown], source="s", outlet="o")[0].given
    assert all(len(one.value) == 32 for one in names), "names are hashes, however long"
    await store.write(lambda tx: tx.add_item(long, names))
    assert await found(store, [{"lastword"}]) == ["1"]
    (kept,) = await store.read(lambda r: r.items())
    assert kept.title == title
    assert set(await store.read(lambda r: r.find_items(names))) == set(names)
