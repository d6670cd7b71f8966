"""Alias sets: the same item is known again, no other item is swallowed."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest

from rasid.items.documents import document, from_parsed
from rasid.items.identity import content_hash, identities
from rasid.items.links import link_key
from rasid.models import Alias, AliasKind, Decision, Item, ParsedItem


def item(n: int = 1, **changes: object) -> ParsedItem:
    link = str(changes.pop("link", f"https://news.example/story-{n}"))
    made = ParsedItem(
        guid=f"g{n}",
        link=link,
        link_key=link_key(link),
        title=f"Title number {n} of the day's news",
        summary=f"Summary number {n}, long enough to be told from every other one",
        published=1_770_000_000_000_000 + n,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def names(*items: ParsedItem, source: str = "s", outlet: str = "o") -> list[set[Alias]]:
    return [set(one.given) for one in identities(items, source=source, outlet=outlet)]


def distinct(found: list[set[Alias]]) -> int:
    """Return how many items an ingest that merges on any shared alias would keep."""
    groups: list[set[Alias]] = []
    for one in found:
        assert one, "an item without a name would be stored at every poll"
        if not any(group & one for group in groups):
            groups.append(set(one))
    return len(groups)


SAME = {
    "D03_guid_changed_with_headline": (item(), item(guid="g1-new-slug")),
    "D03_guid_changed_host": (
        item(guid="https://a.example/?p=12"),
        item(guid="https://b.example/?p=12", link="https://b.example/other", title="x", summary=""),
    ),
    "D03_slug_changed": (item(), item(link="https://news.example/new-slug")),
    "D03_everything_but_the_words": (
        item(), item(guid="reimported", link="https://new.example/archive/9"),
    ),
    "D04_https": (
        item(guid="http://news.example/1", link="http://news.example/1"),
        item(guid="https://news.example/1", link="https://news.example/1"),
    ),
    "D05_tracking": (item(guid=""), item(guid="", link="https://news.example/story-1?utm_source=x")),
    "D07_date_edited_backwards": (item(), item(published=1)),
    "edited_headline": (item(), item(title="Another headline", summary="And other words")),
    "P14_words_only": (
        item(guid="", link="", title="Short"), item(guid="", link="", title=" SHORT "),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SAME)
def test_same_item(case: str) -> None:
    before, after = SAME[case]
    assert names(before)[0] & names(after)[0]


def test_D04_whole_feed_flipped_to_https_gives_no_new_item() -> None:
    before = [item(n, guid=f"http://e.example/{n}", link=f"http://e.example/{n}") for n in range(9)]
    after = [
        item(n, guid=f"https://e.example/{n}", link=f"https://e.example/{n}") for n in range(9)
    ]
    assert all(old & new for old, new in zip(names(*before), names(*after), strict=True))
    assert distinct(names(*before) + names(*after)) == 9


def test_D06_order_is_irrelevant() -> None:
    items = [item(n) for n in range(8)]
    assert names(*items)[::-1] == names(*reversed(items))


@pytest.mark.parametrize("published", [None, 5, 4_070_908_800_000_000])
def test_D07_D08_dates_name_nothing(published: int | None) -> None:
    same = [item(n, published=published) for n in range(5)]
    assert distinct(names(*same)) == 5
    assert names(item(1, published=published)) == names(item(1))


def test_different_items_share_no_name() -> None:
    found = names(*(item(n) for n in range(30)))
    assert sum(map(len, found)) == len(set.union(*found))


def test_P15_one_guid_for_all_is_ignored() -> None:
    found = names(*(item(n, guid="same") for n in range(10)))
    assert distinct(found) == 10
    assert not any(a.kind is AliasKind.GUID for one in found for a in one)


def test_P15_one_guid_and_one_link_for_all() -> None:
    items = [item(n, guid="same", link="https://news.example/") for n in range(10)]
    assert distinct(names(*items)) == 10


def test_P15_live_blog_entries_share_a_link() -> None:
    found = names(*(item(n, link="https://news.example/live") for n in range(6)))
    assert distinct(found) == 6
    assert not any(a.kind is AliasKind.LINK for one in found for a in one)


def test_P15_an_item_without_words_under_a_shared_guid_and_link_has_a_name() -> None:
    blank = item(1, title="", summary="", guid="same", link="https://news.example/live")
    titled = replace(blank, title="Two dead in the north")
    other = replace(blank, guid="", title="")
    for items in ([blank, titled], [titled, blank], [titled, other]):
        found = names(*items)
        assert distinct(found) == 2
        assert found == names(*items), "shown again it is known"


def test_P15_one_item_shown_twice_is_one() -> None:
    assert distinct(names(item(1), item(1))) == 1


def test_guid_paths_of_two_outlets_in_one_feed_are_ignored() -> None:
    one = item(1, guid="https://a.example/1")
    two = item(2, guid="https://b.example/1")
    assert distinct(names(one, two)) == 2


def test_bulletins_with_the_same_words_stay_apart() -> None:
    words = {"title": "Hourly news bulletin", "summary": "The latest news from around the world"}
    assert distinct(names(item(1, **words), item(2, **words))) == 2


def test_short_words_are_no_name_beside_a_guid() -> None:
    found = names(item(title="Live", summary=""))[0]
    assert {a.kind for a in found} == {AliasKind.GUID, AliasKind.LINK}


def test_scopes() -> None:
    found = names(item(guid="https://e.example/x"), source="feed", outlet="paper")[0]
    assert {(a.kind.value, a.scope) for a in found} == {
        ("guid", "feed"), ("guid_path", "feed"), ("link_2", "paper"), ("content", "paper"),
    }  # fmt: skip
    assert all(len(a.value) == 32 for a in found)


def test_content_hash_is_of_words_not_of_layout() -> None:
    assert content_hash(item(title="A  B\u200b\nC")) == content_hash(item(title="a b c"))
    assert content_hash(item(title="A B")) != content_hash(item(title="A C"))
    assert content_hash(item(title="x", summary="")) != content_hash(item(title="", summary="x"))
    assert content_hash(item(text="more")) != content_hash(item())


@pytest.mark.parametrize("title", ["Besançon brûle", "قَصْف على الميادين", "FLOOD 12"])
def test_P13_composition_and_invisible_characters_make_no_other_item(title: str) -> None:
    plain = item(title=title, guid="", link="", link_key="")
    spellings = [unicodedata.normalize(form, title) for form in ("NFD", "NFKD")]
    spellings += ["\u200b".join(title), "\u00ad".join(title), f"\u2067{title}\u2069"]
    spellings += [title.translate({ord(c): ord(c) + 0xFEE0 for c in "FLOD12"})]
    for spelling in spellings:
        other = replace(plain, title=spelling)
        assert content_hash(other) == content_hash(plain)
        assert names(other) == names(plain)


def test_stored_names_stay_what_they_are() -> None:
    """A changed hash would make every stored item new again."""
    plain = ParsedItem(guid="g", link_key="e.example/a", title="قصف", summary="x" * 40)
    found = identities([plain], source="s", outlet="o")[0].given
    assert [a.value[:8] for a in found] == ["cd0aa985", "088017f8", "ac6520b4"]
    assert content_hash(plain)[:8] == "4c08fad9"


def test_documents() -> None:
    parsed = item(text="long", language="ar", tags=("t",), author="me")
    made = from_parsed(parsed, id="i", source="s", outlet="o")
    stored = Item(
        id="i", source="s", outlet="o", guid=parsed.guid, link=parsed.link, title=parsed.title,
        summary=parsed.summary, text="long", author="me", tags=("t",), language="ar",
        published=parsed.published, first_seen=1, revision=1, content_hash="h",
        decision=Decision.NEW, only_seeded=False,
    )  # fmt: skip
    assert document(stored) == made
    assert (made.url, made.text, made.outlet) == (parsed.link, "long", "o")
