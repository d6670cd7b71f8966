"""Shortcuts of reading feeds: what is quick to read is read as by the long way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.clean import link, one_line, plain
from crawler.dates import parse_date
from crawler.parse import parse
from crawler.records import ParseHints
from fuzz.seeds import TOKENS
from rasid.items.links import link_key

HINTS = ParseHints(url="https://outlet.example/feed", now=1_770_200_000_000_000)
BASE = "https://outlet.example/news/"


def pieces(name: str, *more: str) -> st.SearchStrategy[str]:
    """Texts made of what addresses, dates or markup are made of."""
    return st.lists(st.sampled_from((*TOKENS[name], *more)), max_size=8).map("".join)


ADDRESSES = pieces("link", "e.example", "/2026/02/a-b", "?p=1", "&b=%20", "/مقال", ";x", "A", " ")


@given(st.sampled_from(("http://", "https://e.example", "https://e.example/")), ADDRESSES)
def test_an_address_as_most_are_is_read_as_any(start: str, rest: str) -> None:
    assert link(start + rest, BASE) == link(f" {start}{rest}", BASE)
    assert link_key(start + rest) == link_key(f" {start}{rest}")


@pytest.mark.parametrize(
    "address", ["https://e.example/a?", "https://e.example/a#", "https://e.e/;"]
)
def test_what_joining_would_change_is_no_shortcut(address: str) -> None:
    assert link(address, BASE) == address[:-1]


YEARS = st.integers(1, 9999)
TWO = st.integers(0, 99)


@given(TWO, st.sampled_from(("Jan", "Mar", "Dec")), YEARS, TWO, TWO, TWO, st.integers(-9999, 9999))
def test_a_date_as_most_are_is_read_as_any(
    day: int, month: str, year: int, hour: int, minute: int, second: int, zone: int
) -> None:
    clock = f"{hour:02}:{minute:02}:{second:02}"
    for text in (
        f"Tue, {day:02} {month} {year:04} {clock} {zone:+05}",
        f"{day} {month} {year:04} {clock} GMT",
        f"{year:04}-{day % 13:02}-{day:02}T{clock}Z",
        f"{year:04}-{day % 13:02}-{day:02}T{clock}{zone // 100:+03}:{abs(zone) % 100:02}",
    ):
        assert parse_date(text) == parse_date(f" {text}")


@given(pieces("text", "word", "  ", "\n", "<p>", "<BR/>", "<style>", "</style>", "<a href='x'>"))
def test_markup_as_most_is_is_read_as_any(markup: str) -> None:
    assert one_line(markup) == one_line(f"{markup}<b></b>")
    assert plain(f"<i>{markup}") == plain(f"<ABBR>{markup}")  # a tag that is looked up, and not


FORBIDDEN = ["\0", "\x01", "\x0b", "\x1f", "\ufffe", "\uffff"]
PLACES = (
    '<?xml version="1.0"{0}?><!-- a{0} --><?pi a{0}?><rss version="2.0"><channel a="{0}">'
    "<title>T{0}</title><item><title><![CDATA[t{0}]]></title>{0}<guid isPermaLink='false{0}'>g"
    "</guid></item>{0}</channel></rss>{0}<!-- a{0} -->"
)


@pytest.mark.parametrize("sign", FORBIDDEN, ids=ascii)
@pytest.mark.parametrize("place", range(PLACES.count("{0}")))
def test_P10_a_character_that_XML_forbids_is_taken_out_wherever_it_stands(
    sign: str, place: int
) -> None:
    before, after = PLACES.split("{0}")[: place + 1], PLACES.split("{0}")[place + 1 :]
    with_it, without = (f"{''.join(before)}{one}{''.join(after)}" for one in (sign, ""))
    assert parse(with_it.encode(), HINTS) == parse(without.encode(), HINTS)


@pytest.mark.parametrize(
    "title",
    [
        "caf\xc3\xa9",
        "caf\xc3<![CDATA[\xa9]]>",
        "<![CDATA[caf\xc3]]>\xa9",
        "caf\xc3<!-- - -->\xa9",
        "caf\xc3<?p?>\xa9",
        "caf&#xC3;\xa9",
        "caf\xc3&#169;",
        "caf&#0195;&#xa9;",
    ],
)
def test_P12_UTF8_that_was_read_as_Latin1_is_mended_however_it_is_written(title: str) -> None:
    body = f"<rss><channel><item><title>{title}</title></item></channel></rss>".encode()
    ours, theirs = parse(body, HINTS), parse(body, HINTS, strict=False)
    assert ours == theirs
    assert ours.feed is not None
    assert ours.feed.reader == "strict"
    assert ours.feed.items[0].title == "café"
