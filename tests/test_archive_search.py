"""A search finds what a rule with its query would, whatever the index of words is like."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
import unicodedata
from collections.abc import AsyncIterator, Sequence, Set
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import _cache
from storage_samples import item, unfile

from rasid.archive.search import SearchError, compile_search, file_all, search
from rasid.archive.words import ENGINE, has, words_of
from rasid.items.documents import document
from rasid.models import Document, Item
from rasid.protocols import Storage
from rasid.settings import Config, Term
from storage import open_storage

CACHE = Path(_cache.name)
TEXTS = (
    "قصفت المدفعية أطراف القرية",
    "لقصفٍ ليلي على الميادين",
    "الصواريخ تسقط قرب حقل العمر",
    "سقط صاروخ على قاعدة",
    "Airstrikes hit the depot near Sana'a",
    "An air strike; the US base was hit",
    "us and them",
    "L'armée a frappé la ville",
    "Удары по Києву",
    "Deyrizor'da patlama",
    "伊朗空袭代尔祖尔",
    "וכשבהפצצה נפגע בסיס",
    "بمباران شهر",
    "MQ-9 drones over the town",
    "Women and a woman",
    "Rain",
)
QUERIES = (
    "قصف",
    "صاروخ OR strike",
    "صاروخ AND قاعدة",
    '"حقل العمر"',
    '"air strike"',
    '="US"',
    "strike NOT base",
    "(hit AND depot) OR (rain AND NOT sun)",
    "us",
    "Sanaa OR armée OR Київ",
    "frapper",
    "Deyrizor",
    "הפצצה",
    "בסיס OR flood",
    "空袭",
    "空袭 OR rain",
    "بمباران",
    "drone*",
    "wom?n",
    "air NEAR/3 base",
    "base ONEAR/1 hit",
    "ATLEAST/2 woman",
    "title:rain",
    "author:author",
    "$weapons",
    "قصف*",
)


def stored(texts: Sequence[str]) -> list[Item]:
    return [
        item(f"{at:02}", text)
        for at, text in enumerate(texts)
    ]  # fmt: skip


@pytest.fixture(params=["sqlite", "memory"])
async def archive(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Storage]:
    url = "memory://" if request.param == "memory" else tmp_path / "rasid.db"
    opened = open_storage(url, lambda: 1)
    await opened.write(lambda tx: [tx.add_item(one, []) for one in stored(TEXTS)])
    yield opened
    await opened.close()


CONFIG = Config(lists={"weapons": (Term("صاروخ"), Term("drone"))})


def matching(query: str) -> list[str]:
    """Return what the engine alone says, newest first."""
    index = compile_search(query, CONFIG, CACHE).index
    found = [one.id for one in stored(TEXTS) if index.match(document(one))]
    return sorted(found, reverse=True)


async def ids(storage: Storage, query: str, **given: int) -> list[str]:
    compiled = compile_search(query, CONFIG, CACHE)
    return [hit.item.id async for hit in search(storage, compiled, **given)]


@pytest.mark.parametrize("query", QUERIES)
async def test_a_search_finds_what_a_rule_would(archive: Storage, query: str) -> None:
    assert await ids(archive, query) == matching(query)


def test_most_queries_of_this_file_find_something_and_none_everything() -> None:
    counts = {query: len(matching(query)) for query in QUERIES}
    # what is missing: fields that these items leave empty, and words no dictionary has
    assert sum(count > 0 for count in counts.values()) >= len(QUERIES) - 5, counts
    assert max(counts.values()) < len(TEXTS)


def test_the_index_leaves_most_items_out() -> None:
    for query in ("قصف", '"air strike"', "صاروخ AND قاعدة", "wom?n", "air NEAR/3 base"):
        wanted = compile_search(query, CONFIG, CACHE).wanted
        assert wanted
        filed = [has(words_of(document(one)), wanted) for one in stored(TEXTS)]
        assert sum(filed) <= 5
    for query in ("空袭", "空袭 OR rain", "rain OR 雨"):
        assert not compile_search(query, CONFIG, CACHE).wanted


async def test_a_search_is_newest_first_and_stops(archive: Storage) -> None:
    every = await ids(archive, "the OR rain OR hit")
    assert every == sorted(every, reverse=True)
    assert await ids(archive, "the OR rain OR hit", limit=2) == every[:2]
    assert await ids(archive, "rain", since=2) == []


async def test_what_is_not_filed_is_found_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "rasid.db"
    archive = open_storage(path, lambda: 1)
    await archive.write(lambda tx: [tx.add_item(one, []) for one in stored(TEXTS)])
    unfile(path)
    assert await ids(archive, "قصف") == matching("قصف")
    counted: list[int] = []
    await file_all(archive, counted.append)
    assert counted == [len(TEXTS)]
    assert await ids(archive, "قصف") == matching("قصف")
    await file_all(archive, counted.append)
    assert len(counted) == 1
    await archive.close()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("a AND b OR c", "brackets"),
        ("one two", "column 1: nothing links"),
        ("one NEAR two", "NEAR/8"),
        ("NOT rain", "none of its words"),
        ("$nothing", "nothing"),
        ("", "empty"),
    ],
)
def test_a_query_that_is_none_is_refused(query: str, said: str) -> None:
    with pytest.raises(SearchError, match=said):
        compile_search(query, CONFIG, CACHE)


# --- properties ------------------------------------------------------------------------------

words = st.sampled_from(
    [
        "قصف",
        "صاروخ",
        "قاعدة",
        "مدينة",
        "strike",
        "base",
        "Sana'a",
        "US",
        "us",
        "удар",
        "הפצצה",
        "空袭",
        "سنتكوم",
    ]
)
around = st.sampled_from(
    ["{}", "ال{}", "و{}", "بال{}", "{}ها", "{}ات", "{}s", "l'{}", "ו{}", "שב{}", "#{}_", "{}21"]
)
texts = st.lists(
    st.builds(lambda word, form: form.format(word), words, around), min_size=1, max_size=5
).map(" ".join)
atoms = words.map(lambda word: f'"{word}"') | words.map(lambda word: f'="{word}"')
queries = st.recursive(
    atoms | st.sampled_from(["صار*", "stri*", "b?se"]),
    lambda inner: (
        st.builds(
            lambda one, two, operator: f"({one} {operator} {two})",
            inner,
            inner,
            st.sampled_from(["AND", "OR", "NOT", "AND NOT"]),
        )
        | st.builds(lambda one, two: f"({one} NEAR/2 {two})", atoms, atoms)
    ),
    max_leaves=4,
)


@settings(max_examples=150, deadline=None)
@given(query=queries, titles=st.lists(texts, min_size=1, max_size=6))
def test_the_index_hides_nothing_that_matches(query: str, titles: list[str]) -> None:
    compiled = compile_search(query, CONFIG, CACHE)
    for title in titles:
        one = Document("1", title=title)
        if compiled.index.match(one):
            assert has(words_of(one), compiled.wanted)


@pytest.mark.parametrize("text", TEXTS)
def test_P13_an_item_is_filed_alike_however_its_text_is_composed(text: str) -> None:
    plain = words_of(Document("1", text))
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert words_of(Document("1", unicodedata.normalize(form, text))) == plain
    for invisible in "\u200b\u200f\u00ad\u2069":
        assert words_of(Document("1", invisible.join(text))) == plain
    if text.isascii():
        wide = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in text)
        assert words_of(Document("1", wide)) == plain


@settings(max_examples=25, deadline=None)
@given(query=queries, titles=st.lists(texts, min_size=1, max_size=6))
def test_both_stores_find_the_same(query: str, titles: list[str]) -> None:
    compiled = compile_search(query, CONFIG, CACHE)

    async def found(url: str | Path) -> list[str]:
        archive = open_storage(url, lambda: 1)
        await archive.write(lambda tx: [tx.add_item(one, []) for one in stored(titles)])
        hits = [hit.item.id async for hit in search(archive, compiled)]
        await archive.close()
        return hits

    with tempfile.TemporaryDirectory() as folder:
        assert asyncio.run(found(Path(folder) / "a.db")) == asyncio.run(found("memory://"))


def _digest(words: Set[str]) -> str:
    return hashlib.sha256(" ".join(sorted(words)).encode()).hexdigest()[:12]


def test_another_way_to_file_words_raises_the_engine() -> None:
    """When this fails, raise ENGINE: what stored items are filed under is no longer right."""
    filed = words_of(
        Document("1", " ".join([*TEXTS, "U.S."]), author="Çağ O'Neil", tags=("وكالة", "x_y"))
    )
    assert (ENGINE, _digest(filed)) == (4, "82697cbaf259")
